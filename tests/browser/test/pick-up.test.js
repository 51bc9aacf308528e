// Staff pick up a key with a tablet: by camera, by the 8 digits, and what is refused.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { look } from '../lib/axe.js';
import { film } from '../lib/camera.js';
import { Hand } from '../lib/fast.js';
import { until } from '../lib/kiosk.js';
import { World, browse, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);

async function droppedKey(t, plate) {
  const world = await World.of(t, await browser());
  const hand = new Hand(world.kiosk);
  const box = await hand.drop(plate);
  await world.keyIs(plate, 'box', box);
  return { world, customer: world.customer, hand, box, cabinet: await world.cabinet() };
}

/** At the kiosk, from the start to the QR code; gives its digits. */
async function showQr(customer) {
  await customer.begin('Pick up a key');
  await customer.touch('QR code (staff only)');
  await customer.at('pick.qr');
  await until('the QR picture', () => customer.page.evaluate(() => document.querySelector('.qr-img')?.naturalWidth > 0));
  return (await customer.page.locator('.qr-digits').innerText()).replace(/\D/g, '');
}

test('staff_pick_02 staff_pick_03 staff_pick_04 staff_pick_08: a mechanic scans the QR code with the camera and takes the key', async (t) => {
  const { world, customer, box, cabinet } = await droppedKey(t, '1-ABC-123');
  const video = join(world.kiosk.data, 'qr.y4m');
  const withCamera = await browse({ camera: video });
  t.after(() => withCamera.close());
  const office = await world.staff('office', 'reception');
  const tablet = await world.staff('tablet', 'mechanic', { browser: withCamera });
  await look(tablet.page, 'tablet: work orders');
  assert.match(await tablet.page.locator('.visits li').first().innerText(), /1-ABC-123[^]*Box/);
  await tablet.row('1-ABC-123').locator('.has-key').waitFor();

  await tablet.ticket('1-ABC-123', '1357');
  await tablet.page.locator('dialog').getByText('does not match').waitFor();
  await tablet.page.getByLabel('Security code').fill('2468');
  await tablet.button('Continue').click();
  await tablet.page.locator('#ticket').waitFor();
  await look(tablet.page, 'tablet: ticket');
  assert.match(await tablet.page.locator('#ticket').innerText(), new RegExp(`box ${box}.*Front door`));
  assert.match(await tablet.page.locator('.time').innerText(), /^(10:00|9:\d\d) left$/);

  await showQr(customer);
  await film(customer.page, video);
  await tablet.button('Scan with the camera').click();
  await tablet.page.locator('#result').waitFor({ timeout: 20_000 });
  assert.match(await tablet.page.locator('#result').innerText(), new RegExp(`Box ${box} is opening`));
  await look(tablet.page, 'tablet: opened');

  assert.equal(await customer.served('pick.serve'), box);
  await cabinet.isOpen(box);
  await world.keyIs('1-ABC-123', 'box', box);
  await cabinet.take(box);
  await cabinet.close(box);
  await customer.touch('Confirm');
  await customer.at('pick.thanks');
  const custody = await world.keyIs('1-ABC-123', 'staff');
  assert.equal(custody.user, 'Max Mechanic');
  await office.row('1-ABC-123').click();
  await office.page.locator('.facts').getByText('with Max Mechanic').waitFor();
  await office.page.locator('.timeline').getByText('Key picked up').waitFor();
  await customer.touch('Done');
  await customer.at('start');
  await tablet.button('Done').click();
  await tablet.page.locator('#ticket').waitFor({ state: 'detached' });
});

test('staff_pick_06 staff_pick_07: by the 8 digits under the code; old digits and tablets without a ticket are refused', async (t) => {
  const { world, customer, box, cabinet } = await droppedKey(t, '2-STU-678');
  const tablet = await world.staff('tablet', 'mechanic');
  await tablet.ticket('2-STU-678');
  await tablet.page.locator('#ticket').waitFor();
  const digits = await showQr(customer);
  assert.match(digits, /^\d{8}$/);

  // A tablet without a ticket, and nobody at all.
  assert.equal((await world.kiosk.ask('POST', '/api/v1/scan', { digits })).status, 401);
  await world.visit('2-STU-678');
  const none = await world.kiosk.ask('POST', '/api/v1/scan', { digits }, { Cookie: world.cookie });
  assert.equal(none.status, 403);
  assert.equal(none.json.key, 'office.no_ticket');

  await tablet.page.getByLabel('Or type the 8 digits under the code').fill('1234');
  await tablet.button('Send').click();
  await tablet.page.locator('#scan-problem').getByText('all 8 digits').waitFor();
  const wrong = String((Number(digits) + 1) % 100_000_000).padStart(8, '0');
  await tablet.page.getByLabel('Or type the 8 digits under the code').fill(wrong);
  await tablet.button('Send').click();
  await tablet.page.locator('#scan-problem').getByText('do not match').waitFor();
  assert.equal((await world.kiosk.screen()).id, 'pick.qr', 'a wrong entry does not spend the code');

  await tablet.page.getByLabel('Or type the 8 digits under the code').fill(`${digits.slice(0, 4)} ${digits.slice(4)}`);
  await tablet.button('Send').click();
  await tablet.page.locator('#result').waitFor();
  assert.equal(await customer.served('pick.serve'), box);
  await cabinet.take(box);
  await cabinet.close(box);
  await customer.touch('Confirm');
  await customer.at('pick.thanks');
  await world.keyIs('2-STU-678', 'staff');

  // Used is used: the ticket is gone, the old digits open nothing.
  const again = await world.kiosk.ask('POST', '/api/v1/scan', { digits }, { Cookie: (await tablet.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ') });
  assert.equal(again.status, 403);
});

test('staff_pick_05: the QR code closes by itself after 30 s, a new press makes another one', async (t) => {
  const { customer } = await droppedKey(t, '1-VWX-901');
  const first = await showQr(customer);
  await customer.page.locator('.drain-text', { hasText: /\d+ seconds left/ }).waitFor();
  await customer.page.getByText('The QR code has closed').waitFor({ timeout: 33_000 });
  assert.equal(await customer.page.locator('.qr-img').count(), 0);
  await look(customer.page, 'pick.qr closed', { kiosk: true });
  await customer.touch('New QR code');
  await customer.page.locator('.qr-digits').waitFor();
  assert.notEqual((await customer.page.locator('.qr-digits').innerText()).replace(/\D/g, ''), first);
});

test('box_13: reception settles a box to be checked, from the office through the QR code to the answer', async (t) => {
  const world = await World.of(t, await browser());
  const { customer, kiosk } = world;
  const hand = new Hand(kiosk);
  const cabinet = await world.cabinet();
  const box = await hand.dropUntilOpen('1-PQR-345');
  await hand.act({ do: 'put', box_no: box, item: 'key' });
  await hand.press('abort', 'yes');
  await cabinet.take(box);
  // The wish to leave is settled by the item sensor where it agrees: a stuck one leaves doubt.
  await hand.act({ do: 'fault', fault: 'item_cut', box_no: box, on: true });
  await hand.close(box);
  await hand.at('start');
  const office = await world.staff('office', 'reception');
  await office.button(`Check box ${box}`).click();
  await office.page.getByLabel('Security code').fill('2468');
  await office.button('Continue').click();
  await office.page.locator('#ticket').waitFor();
  await look(office.page, 'office: ticket');
  const digits = await showQr(customer);
  await office.page.getByLabel('Or type the 8 digits under the code').fill(digits);
  await office.button('Send').click();
  await office.page.locator('#result').waitFor();
  assert.equal(await customer.served('pick.serve'), box);
  await cabinet.close(box);
  await customer.touch('Confirm');
  await customer.at('check.settle');
  await customer.touch('The box is empty');
  await customer.at('pick.thanks');
  await until('the box is settled', async () => !(await kiosk.get('/api/v1/lockers', { Cookie: world.cookie ?? (await world.visit('1-PQR-345'), world.cookie) }))[0].boxes.find((one) => one.box_no === box).to_check);
});
