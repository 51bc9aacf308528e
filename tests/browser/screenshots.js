// The pictures of the README and the guides, taken on a walk through both directions: `npm run screenshots [-- FOLDER]`.
// `npm run screenshots -- FOLDER WIDTHxHEIGHT DPI DISTANCE LOCALE` takes every screen instead, as tests see them on that
// display; SCREENS says where they are (`lib/stage.js`).

import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { Hand, signIn } from './lib/fast.js';
import { until } from './lib/kiosk.js';
import { onDisplays, screens } from './lib/stage.js';
import { SECURITY_CODE } from './lib/staff.js';
import { World, browse } from './lib/world.js';

const [folder = fileURLToPath(new URL('../../docs/screenshots', import.meta.url)), size, dpi, distance, locale] = process.argv.slice(2);
/** Wide enough to be read on a page, and 64 colours, keep a picture near 20 kB. */
const SMALL = "scale='min(800,iw)':-1:flags=lanczos,split[a][b];[a]palettegen=max_colors=64[p];[b][p]paletteuse=dither=none";
const still = await mkdtemp(join(tmpdir(), 'locker-screenshots-'));

async function shoot(page, name) {
  await page.waitForTimeout(400);
  const whole = join(still, `${name}.png`);
  await page.screenshot({ path: whole });
  await promisify(execFile)('ffmpeg', ['-y', '-v', 'error', '-i', whole, '-vf', SMALL, join(folder, `${name}.png`)]);
}

/** Shows the QR code of a flow at the kiosk, and types its digits on the tablet. */
async function scan(world, hand, flow, staff, name) {
  await hand.press(flow, 'go', 'by_qr');
  const { page } = world.customer;
  await page.waitForFunction(() => document.querySelector('.qr-img')?.naturalWidth > 0);
  if (name) await shoot(page, name);
  const digits = (await page.locator('.qr-digits').innerText()).replace(/\D/g, '');
  await staff.page.getByLabel('Or type the 8 digits under the code').fill(digits);
  await staff.button('Send').click();
  await staff.page.locator('#result').waitFor();
  return hand.opened();
}

async function finish(hand, box_no, item) {
  await hand.act(item ? { do: 'put', box_no, item } : { do: 'take', box_no });
  await hand.close(box_no);
  await hand.press('confirm');
  await until('the end', async () => (await hand.kiosk.screen()).id.endsWith('thanks'));
  await hand.press('done');
}

async function walk(world) {
  const { kiosk, customer: { page } } = world;
  const hand = new Hand(kiosk);
  const [top, cabinet] = [await world.open('/top'), await world.open('/cabinet', { size: { width: 1280, height: 1000 } })];
  await shoot(page, 'kiosk-start');
  await hand.press('drop_key', 'go', 'by_pin');
  for (const digit of [1, 2, 3, 4]) await hand.do({ do: 'digit', digit });
  await page.locator('.slot-full').nth(3).waitFor();
  await shoot(page, 'kiosk-pin');
  await hand.press('abort', 'yes');
  const box_no = await hand.dropUntilOpen('1-ABC-123');
  await shoot(page, 'kiosk-box');
  await shoot(top, 'top');
  await shoot(cabinet, 'cabinet');
  await finish(hand, box_no, 'key');

  const office = await world.staff('office', 'admin');
  await office.row('1-ABC-123').click();
  await office.page.locator('.detail .timeline').waitFor();
  await shoot(office.page, 'office');
  const mechanic = await world.staff('tablet', 'mechanic');
  await mechanic.ticket('1-ABC-123');
  await mechanic.page.locator('#ticket').waitFor();
  await shoot(mechanic.page, 'tablet');
  await finish(hand, await scan(world, hand, 'pick_up_key', mechanic, 'kiosk-qr'));

  const reception = await world.staff('tablet', 'reception');
  await reception.row('1-ABC-123').click();
  await reception.button('Drop this key for the customer').click();
  await reception.page.getByRole('radio').first().check();
  await reception.page.getByLabel('Security code').fill(SECURITY_CODE);
  await shoot(reception.page, 'tablet-drop');
  await reception.button('Continue').click();
  await reception.page.locator('#ticket').waitFor();
  const letters = (await kiosk.get('/api/v1/mailbox')).length;
  await finish(hand, await scan(world, hand, 'drop_key', reception), 'key');
  const letter = await until('the PIN', async () => {
    const all = await kiosk.get('/api/v1/mailbox');
    return all.length > letters && all.reduce((one, other) => (other.id > one.id ? other : one));
  });
  await hand.do({ do: 'language', locale: 'fr' });
  await hand.press('pick_up_key', 'go', 'by_pin');
  await hand.type(/\b\d{6}\b/.exec(letter.body)[0]);
  const last = await hand.opened();
  await shoot(page, 'kiosk-pick-up');
  await finish(hand, last);

  await hand.act({ do: 'fault', fault: 'link_cut', on: true });
  await hand.do({ do: 'language', locale: 'nl' });
  await hand.press('drop_key', 'go');
  await shoot(page, 'kiosk-no-link');
  await hand.press('abort', 'yes');
  await hand.act({ do: 'fault', fault: 'link_cut', on: false });
  const Cookie = await signIn(kiosk, 'admin');
  const made = await until('a temporary PIN', async () => {
    const { status, json } = await kiosk.ask('POST', '/api/v1/lockers/1/temporary-pin', { reason: 'Spare key for the tow truck' }, { Cookie });
    return status === 200 && json;
  });
  await hand.do({ do: 'language', locale: 'de' });
  await hand.press('pick_up_key', 'go', 'by_pin');
  await hand.type(made.pin);
  await hand.at('staff.box');
  await shoot(page, 'kiosk-staff-box');
  await hand.press('abort', 'yes');

  await until('the key back', async () => (await world.visit('1-ABC-123')).custody.kind === 'customer');
  await office.button('Erase personal data …').click();
  await office.page.locator('dialog').waitFor();
  await shoot(office.page, 'office-erase');
  await office.button('Cancel').click();
  await office.button('Activity log of this work order').click();
  await office.page.locator('.table tbody tr').nth(5).waitFor();
  await shoot(office.page, 'office-log');
}

await mkdir(folder, { recursive: true });
const ends = [];
const browser = await browse();
try {
  if (size) {
    const display = { size: size.split('x').map(Number), dpi: Number(dpi), distance: Number(distance) };
    const all = (await screens()).filter((view) => view.locale === locale);
    await onDisplays(browser, [display], async (stage) => {
      for (const view of all) {
        await stage.show(view);
        await stage.page.screenshot({ path: join(folder, `${view.name.replaceAll(/[^a-z_.]+/gi, '-')}.png`) });
      }
    });
  } else {
    const t = { after: (end) => ends.push(end) };
    await walk(await World.of(t, browser));
    const classic = await World.of(t, browser, { config: 'profile = "classic"\n', first: 'drop.welcome' });
    await shoot(classic.customer.page, 'kiosk-classic');
  }
  console.log(folder);
} finally {
  for (const end of ends) await end();
  await browser.close();
  await rm(still, { recursive: true, force: true });
}
