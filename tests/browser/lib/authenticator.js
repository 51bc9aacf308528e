// An authenticator on somebody's telephone.

import { createHmac } from 'node:crypto';

/** The bytes of a base32 text (RFC 4648). */
export function base32(text) {
  const bits = [...text].map((letter) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

/** What an authenticator shows now (RFC 6238, SHA-256, 8 digits, 30 s). */
export function shown(secret) {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000)));
  const mac = createHmac('sha256', secret).update(counter).digest();
  const at = mac[31] & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 100_000_000).padStart(8, '0');
}
