// A film of the kiosk's QR code, for the camera of another browser.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const FFMPEG = process.env.FFMPEG_BIN ?? 'ffmpeg';

/** Writes `file` (.y4m) so that the camera sees the QR code as it stands on the screen, a little askew as in a hand. */
export async function film(page, file) {
  const card = page.locator('.qr-card');
  await page.waitForFunction(() => document.querySelector('.qr-img')?.complete && document.querySelector('.qr-img').naturalWidth > 0);
  const still = `${file}.png`;
  await writeFile(still, await card.screenshot());
  const scene = 'scale=460:-2:flags=lanczos,rotate=0.04:fillcolor=0x777777:ow=rotw(0.04):oh=roth(0.04),pad=1280:720:(ow-iw)/2:(oh-ih)/2:color=0x777777,format=yuv420p';
  const { stderr } = await promisify(execFile)(FFMPEG, ['-y', '-v', 'error', '-loop', '1', '-i', still, '-t', '1', '-r', '5', '-vf', scene, file]);
  assert.equal(stderr, '');
}
