// Lays the pictures that the walks take (`LOCKER_SHOTS=FOLDER`) side by side for docs/languages.md, one sheet for each
// step with its four languages: `npm run sheets -- FOLDER`.

import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { LOCALES } from './lib/catalogue.js';

const STEPS = ['vehicle', 'remark', 'locked', 'leave', 'take-left', 'settle', 'no-link-drop', 'classic-qr'];
/** Large enough to be read on a page; 64 colours keep a sheet near 65 kB. */
const SHEET = `${LOCALES.map((_, at) => `[${at}]scale=440:-1:flags=lanczos,pad=iw+8:ih+8:4:4:white[p${at}]`).join(';')};[p0][p1]hstack[t];[p2][p3]hstack[u];[t][u]vstack,`
  + 'split[a][b];[a]palettegen=max_colors=64[p];[b][p]paletteuse=dither=none';

const [from] = process.argv.slice(2);
const to = fileURLToPath(new URL('../../docs/screenshots', import.meta.url));
for (const step of STEPS) {
  const pictures = LOCALES.flatMap((locale) => ['-i', join(from, `${locale}-${step}.png`)]);
  await promisify(execFile)('ffmpeg', ['-y', '-v', 'error', ...pictures, '-filter_complex', SHEET, join(to, `languages-${step}.png`)]);
}
console.log(to);
