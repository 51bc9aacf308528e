// Staff pick up a key with a tablet: by camera, by the 8 digits, and what is refused.

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { look } from '../lib/axe.js';
import { film } from '../lib/camera.js';
import { whole } from '../lib/catalogue.js';
import { until } from '../lib/kiosk.js';
import { SECURITY_CODE } from '../lib/staff.js';
import { World, browse, inEachLanguage, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);

async function droppedKey(t, plate, locale) {
  const world = await World.of(t, await browser(), { locale });
  const box = await world.hand.drop(plate);
  await world.keyIs(plate, 'box', box);
  return { world, customer: world.customer, box };
}

test('staff_pick_06 staff_pick_07: by the 8 digits under the code; old digits and tablets without a ticket are refused', async (t) => {
  const { world, customer, box } = await droppedKey(t, '2-STU-678');
  const tablet = await world.staff('tablet', 'mechanic');
  await tablet.ticket('2-STU-678');
  const digits = await customer.showQr('pick');
  assert.match(digits, /^\d{8}$/);

  // A tablet without a ticket, and nobody at all.
  assert.equal((await world.kiosk.ask('POST', '/api/v1/scan', { digits })).status, 401);
  await world.visit('2-STU-678');
  const none = await world.kiosk.ask('POST', '/api/v1/scan', { digits }, { Cookie: world.cookie });
  assert.equal(none.status, 403);
  assert.equal(none.json.key, 'office.no_ticket');

  await tablet.typeDigits('1234');
  await tablet.page.locator('#scan-problem').getByText('all 8 digits').waitFor();
  await tablet.typeDigits(String((Number(digits) + 1) % 100_000_000).padStart(8, '0'));
  await tablet.page.locator('#scan-problem').getByText('do not match').waitFor();
  assert.equal((await world.kiosk.screen()).id, 'pick.qr', 'a wrong entry does not spend the code');

  await tablet.scan(`${digits.slice(0, 4)} ${digits.slice(4)}`);
  assert.equal(await customer.serve('pick', 'take'), box);
  await customer.at('pick.thanks');
  await world.keyIs('2-STU-678', 'staff');

  // Used is used: the ticket is gone, the old digits open nothing.
  const again = await world.kiosk.ask('POST', '/api/v1/scan', { digits }, { Cookie: (await tablet.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ') });
  assert.equal(again.status, 403);
});

inEachLanguage((locale) => {
  test(`staff_pick_02 staff_pick_03 staff_pick_04 staff_pick_08: a mechanic scans the QR code with the camera and takes the key, in ${locale}`, async (t) => {
    const { world, customer, box } = await droppedKey(t, '1-ABC-123', locale);
    const cabinet = await world.cabinet();
    const video = join(world.kiosk.data, 'qr.y4m');
    const withCamera = await browse({ camera: video });
    t.after(() => withCamera.close());
    const office = await world.staff('office', 'reception');
    const tablet = await world.staff('tablet', 'mechanic', { browser: withCamera });
    await look(tablet.page, 'tablet: work orders');
    const first = tablet.page.locator('.visits li').first();
    await first.filter({ hasText: '1-ABC-123' }).filter({ hasText: await tablet.text('box', { n: box }) }).waitFor();
    await tablet.row('1-ABC-123').locator('.has-key').waitFor();

    // What the server refuses is said in the language of the page.
    await tablet.askTicket('1-ABC-123', 'pick-up', { code: '1357' });
    await tablet.page.locator('dialog .error').getByText(whole(locale, 'error-office-wrong-security-code')).waitFor();
    await (await tablet.field('securityCode')).fill(SECURITY_CODE);
    await tablet.goOn();
    await tablet.page.locator('#ticket').waitFor();
    await look(tablet.page, 'tablet: ticket');
    await tablet.reads('ticket_pick_up', { n: box, locker: 'Front door' }, tablet.page.locator('#ticket'));
    const left = await tablet.page.locator('.time').innerText();
    const [clock] = /10:00|9:\d\d/.exec(left);
    assert.equal(left, await tablet.text('timeLeft', { t: clock }));

    await customer.showQr('pick');
    await film(customer.page, video);
    await tablet.press('scan-start');
    await tablet.page.locator('#result').waitFor({ timeout: 20_000 });
    await tablet.reads('opened', { n: box }, tablet.page.locator('#result'));
    await look(tablet.page, 'tablet: opened');

    await customer.at('pick.serve');
    await cabinet.isOpen(box);
    await world.keyIs('1-ABC-123', 'box', box);
    assert.equal(await customer.serve('pick', 'take'), box);
    await customer.at('pick.thanks');
    const custody = await world.keyIs('1-ABC-123', 'staff');
    assert.equal(custody.user, 'Max Mechanic');
    await office.open('1-ABC-123');
    await office.reads('custody_staff', { user: 'Max Mechanic' }, office.page.locator('.facts'));
    await office.reads('kind_key_picked_up', {}, office.page.locator('.timeline'));
    await customer.done('pick');
    await customer.at('start');
    await tablet.press('result-done');
    await tablet.page.locator('#ticket').waitFor({ state: 'detached' });
  });

  test(`box_13: reception settles a box to be checked, from the office through the QR code to the answer, in ${locale}`, async (t) => {
    const world = await World.of(t, await browser(), { locale });
    const { customer, kiosk, hand } = world;
    const box = await hand.dropUntilOpen('1-PQR-345');
    await hand.act({ do: 'put', box_no: box, item: 'key' });
    await hand.press('abort', 'yes');
    await hand.act({ do: 'take', box_no: box });
    // The wish to leave is settled by the item sensor where it agrees: a stuck one leaves doubt.
    await hand.act({ do: 'fault', fault: 'item_cut', box_no: box, on: true });
    await hand.close(box);
    await hand.at('start');
    const office = await world.staff('office', 'reception');
    await office.press(`check-1-${box}`);
    await (await office.field('securityCode')).fill(SECURITY_CODE);
    await office.goOn();
    await office.reads('ticket_check', { n: box, locker: 'Front door' }, office.page.locator('#ticket'));
    await look(office.page, 'office: ticket');
    await office.scan(await customer.showQr('pick'));
    assert.equal(await customer.serve('pick'), box);
    await customer.at('check.settle');
    await customer.shoot('settle');
    await customer.press('box_empty');
    await customer.at('pick.thanks');
    await world.visit('1-PQR-345');
    const isSettled = async () => !(await kiosk.get('/api/v1/lockers', { Cookie: world.cookie }))[0].boxes.find((one) => one.box_no === box).to_check;
    await until('the box is settled', isSettled);
  });
});

inEachLanguage((locale) => {
  test(`staff_pick_05: the QR code closes by itself after 30 s, a new press makes another one, in ${locale}`, async (t) => {
    const { customer } = await World.of(t, await browser(), { locale });
    const first = await customer.showQr('pick');
    await customer.page.locator('.drain-text', { hasText: /\d+/ }).waitFor();
    await customer.reads('qr-closed', {}, { timeout: 33_000 });
    assert.equal(await customer.page.locator('.qr-img').count(), 0);
    await look(customer.page, 'pick.qr closed', { kiosk: true });
    await customer.shoot('qr-closed');
    await customer.press('new_qr');
    await customer.page.locator('.qr-digits').waitFor();
    assert.notEqual((await customer.page.locator('.qr-digits').innerText()).replace(/\D/g, ''), first);
  });
}, { atOnce: 4 });
