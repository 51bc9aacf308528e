// Pictures of every screen at three sizes, and of the pages of staff: `npm run screenshots [-- FOLDER]`.

import { mkdir, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { walkKiosk } from './lib/walk.js';
import { World, browse } from './lib/world.js';

const SIZES = [[1080, 1920], [1280, 800], [800, 480]];
const folder = process.argv[2] ?? await mkdtemp(join(tmpdir(), 'locker-screenshots-'));
const locale = process.env.LOCKER_LOCALE ?? 'en';
await mkdir(folder, { recursive: true });

const ends = [];
const browser = await browse();
try {
  const world = await World.of({ after: (end) => ends.push(end) }, browser);
  const shoot = async (page, name, size) => {
    await page.setViewportSize({ width: size[0], height: size[1] });
    await page.waitForTimeout(250);
    await page.screenshot({ path: join(folder, `${name.replaceAll(/[^a-z0-9_.-]+/gi, '-')}-${size.join('x')}.png`) });
  };
  const cabinet = await world.open('/cabinet');
  const top = await world.open('/top');
  const mailbox = await world.open('/mailbox');
  if (locale !== 'en') await world.customer.touch({ fr: 'Français', nl: 'Nederlands', de: 'Deutsch' }[locale]);
  const { hand } = await walkKiosk(world, async (name, page) => {
    for (const size of SIZES) await shoot(page, name, size);
    await page.setViewportSize(world.size);
    if (name === 'drop.serve open') for (const size of SIZES) await shoot(top, 'top box', size);
    if (name === 'drop.serve open') await shoot(cabinet, 'cabinet', [1280, 900]);
    if (name === 'start') for (const size of SIZES) await shoot(top, 'top start', size);
  });
  await shoot(cabinet, 'cabinet shut', [1280, 900]);
  await shoot(cabinet, 'cabinet', [360, 760]);
  await shoot(mailbox, 'mailbox', [1280, 800]);
  const office = await world.staff('office', 'admin');
  await office.page.locator('.visit').first().click();
  await office.page.locator('.detail .timeline').waitFor();
  for (const size of [[1280, 900], [360, 760]]) await shoot(office.page, 'office', size);
  const tablet = await world.staff('tablet', 'mechanic');
  for (const size of [[800, 1100], [360, 760]]) await shoot(tablet.page, 'tablet list', size);
  await tablet.page.locator('.visit').first().click();
  await tablet.page.locator('#detail-title').waitFor();
  for (const size of [[800, 1100], [360, 760]]) await shoot(tablet.page, 'tablet order', size);
  await tablet.page.getByRole('button', { name: 'Pick up this key' }).click();
  await tablet.page.getByLabel('Security code').fill('2468');
  await shoot(tablet.page, 'tablet code', [800, 1100]);
  await tablet.page.getByRole('button', { name: 'Continue' }).click();
  await tablet.page.locator('#ticket').waitFor();
  for (const size of [[800, 1100], [360, 760]]) await shoot(tablet.page, 'tablet ticket', size);
  await hand.press('abort', 'yes');
  console.log(folder);
} finally {
  for (const end of ends) await end();
  await browser.close();
}
