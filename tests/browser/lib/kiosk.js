// A kiosk process of its own, with a data folder of its own, on a port that the system picks.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** The built kiosk; `KIOSK_BIN` names another one. */
export const KIOSK_BIN = process.env.KIOSK_BIN ?? fileURLToPath(new URL('../../../target/debug/kiosk', import.meta.url));
const START_MS = 30_000;
const STOP_MS = 15_000;

export class Kiosk {
  /** Starts a kiosk and waits until it listens; `config` is the text of its configuration. */
  static async start(config = '') {
    const kiosk = new Kiosk();
    kiosk.data = await mkdtemp(join(tmpdir(), 'locker-browser-'));
    await writeFile(join(kiosk.data, 'kiosk.toml'), config);
    await kiosk.#spawn();
    return kiosk;
  }

  async #spawn() {
    this.errors = '';
    this.process = spawn(KIOSK_BIN, ['--config', join(this.data, 'kiosk.toml'), '--data', join(this.data, 'data'), '--listen', '127.0.0.1:0'], { stdio: ['ignore', 'pipe', 'pipe'] });
    this.ended = new Promise((done) => this.process.once('exit', (code, signal) => done({ code, signal })));
    this.process.stderr.on('data', (text) => { this.errors += text; });
    const lines = createInterface({ input: this.process.stdout });
    const listening = new Promise((done) => lines.on('line', (line) => {
      const [, address] = /^listening on (.+)$/.exec(line) ?? [];
      if (address) done(address);
    }));
    const address = await Promise.race([listening, this.ended, wait(START_MS)]);
    assert.equal(typeof address, 'string', `the kiosk did not start: ${this.errors}`);
    this.url = `http://${address}`;
  }

  /** Stops it as a service manager does, and starts it again on the same data. */
  async restart() {
    await this.stop();
    await this.#spawn();
  }

  /** Stops it, takes an import file over, and starts it again. */
  async import(content) {
    const file = join(this.data, 'import.json');
    await writeFile(file, JSON.stringify(content));
    await this.stop();
    await promisify(execFile)(KIOSK_BIN, ['--data', join(this.data, 'data'), 'import', file]);
    await this.#spawn();
  }

  async stop() {
    this.process.kill('SIGTERM');
    const ended = await Promise.race([this.ended, wait(STOP_MS)]);
    if (!ended) this.process.kill('SIGKILL');
    assert.deepEqual(ended, { code: 0, signal: null }, `the kiosk did not stop in order: ${this.errors}`);
  }

  /** What `kiosk verify` says of the journal; fails the test when anything is wrong with it. */
  async verify() {
    const { code, out } = await new Promise((done) => {
      execFile(KIOSK_BIN, ['--data', join(this.data, 'data'), 'verify'], (error, stdout, stderr) => done({ code: error?.code ?? 0, out: stdout + stderr }));
    });
    assert.equal(code, 0, `the journal is damaged: ${out}`);
    const records = Object.fromEntries([...out.matchAll(/^(.+): (\d+) records, well$/gm)].map(([, stream, count]) => [stream, Number(count)]));
    assert.ok(Object.keys(records).length >= 2, `two streams are expected: ${out}`);
    return records;
  }

  async remove() {
    await rm(this.data, { recursive: true, force: true });
  }

  /** A request as a page of the kiosk would send it. */
  async ask(method, path, body, headers = {}) {
    const answer = await fetch(this.url + path, { method, headers: { 'X-Requested-With': 'locker', 'Content-Type': 'application/json', ...headers },
      body: body === undefined ? undefined : typeof body === 'string' || body instanceof Uint8Array ? body : JSON.stringify(body) });
    const text = await answer.text();
    let json = null;
    try { json = text ? JSON.parse(text) : null; } catch { /* Not JSON: the text is there. */ }
    return { status: answer.status, json, text, headers: answer.headers };
  }

  async get(path, headers) {
    const { status, json } = await this.ask('GET', path, undefined, headers);
    assert.equal(status, 200, `${path}: ${JSON.stringify(json)}`);
    return json;
  }

  screen(surface = 'bottom') {
    return this.get(`/api/v1/screen?surface=${surface}`);
  }

  async box(number) {
    const { boxes } = await this.get('/api/v1/cabinet');
    return boxes.find((box) => box.box_no === number);
  }
}

export const wait = (ms) => new Promise((done) => { setTimeout(done, ms).unref(); });

/** Looks until `look` gives something, and gives it; `what` names it when it never comes. */
export async function until(what, look, timeout = 8_000) {
  const end = performance.now() + timeout;
  for (;;) {
    const found = await look();
    if (found) return found;
    assert.ok(performance.now() < end, `never came: ${what}`);
    await new Promise((done) => setTimeout(done, 60));
  }
}
