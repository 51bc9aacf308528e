// Pictures of what tests see, for the documentation and for who looks into a failure.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** With `LOCKER_SHOTS` naming a folder, a picture of the page as it is now. */
export async function shoot(page, name) {
  const folder = process.env.LOCKER_SHOTS;
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
