// Staff drop a key for the customer, who picks it up with a PIN; and what can go otherwise.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { look } from '../lib/axe.js';
import { until } from '../lib/kiosk.js';
import { shoot } from '../lib/shots.js';
import { SECURITY_CODE, World, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);
const PLATE = '1-ABC-123';

/** Opens the work order and asks for the ticket to drop its key, for this contact. */
async function askToDrop(staff, contact, code = SECURITY_CODE) {
  await staff.row(PLATE).click();
  await staff.page.locator('#detail-title', { hasText: PLATE }).waitFor();
  await staff.button('Drop this key for the customer').click();
  await staff.page.getByRole('radio', { name: contact }).check();
  await staff.page.getByLabel('Security code').fill(code);
  await look(staff.page, `${staff.kind}: security code and contact`);
  await shoot(staff.page, 'staff-drop-contact');
  await staff.button('Continue').click();
}

/** At the kiosk, from the start to the QR code of a drop or a pick-up; gives its digits. */
async function showQr(customer, flow) {
  await customer.begin(flow);
  await customer.touch('QR code (staff only)');
  await customer.at(flow === 'Drop a key' ? 'drop.qr' : 'pick.qr');
  await until('the QR picture', () => customer.page.evaluate(() => document.querySelector('.qr-img')?.naturalWidth > 0));
  return (await customer.page.locator('.qr-digits').innerText()).replace(/\D/g, '');
}

async function scanDigits(staff, digits) {
  await staff.page.getByLabel('Or type the 8 digits under the code').fill(digits);
  await staff.button('Send').click();
  await staff.page.locator('#result').waitFor();
}

/** The receptionist puts the key in; gives the box and the PIN that the customer gets. */
async function handIn(world, staff, contact = /example\.org|e•••\.org/) {
  const { customer } = world;
  const cabinet = await world.cabinet();
  const mailbox = await world.mailbox();
  const before = await mailbox.count();
  await askToDrop(staff, contact);
  await staff.page.locator('#ticket').waitFor();
  await scanDigits(staff, await showQr(customer, 'Drop a key'));
  const box = await customer.served('drop.serve');
  await cabinet.put(box);
  await cabinet.close(box);
  assert.equal(await mailbox.count(), before, 'no PIN before Confirm');
  await customer.touch('Confirm');
  await customer.at('drop.thanks');
  const pin = await mailbox.pin(before);
  await customer.touch('Done');
  await staff.button('Done').click();
  return { box, pin };
}

async function typePin(customer, pin) {
  await customer.begin('Pick up a key');
  await customer.touch('PIN code');
  await customer.at('pick.pin');
  await customer.type(pin);
}

test('staff_drop_01 staff_drop_02 staff_drop_03 staff_drop_04 pick_01 pick_02: the receptionist drops a key, the customer picks it up', async (t) => {
  const world = await World.of(t, await browser());
  const { customer } = world;
  const tablet = await world.staff('tablet', 'reception');
  // A mechanic has no such right, and no such button.
  const mechanic = await world.staff('tablet', 'mechanic');
  await mechanic.row(PLATE).click();
  await mechanic.page.locator('#detail-title', { hasText: PLATE }).waitFor();
  assert.equal(await mechanic.button('Drop this key for the customer').count(), 0);

  const { box, pin } = await handIn(world, tablet);
  await world.keyIs(PLATE, 'box', box);
  const letter = await (await world.mailbox()).newest();
  assert.match(letter, /jane@example\.org/);
  assert.match(letter, /Your code to pick up your key/);
  await tablet.button('Back').click();
  await tablet.row(PLATE).locator('.has-key').waitFor();
  await tablet.row(PLATE).getByText(`Box ${box}, for the customer`).waitFor();
  await tablet.row(PLATE).click();
  await tablet.page.getByText(`in box ${box}, Front door, for the customer`).waitFor();
  await tablet.page.locator('.timeline').getByText('Key dropped back').waitFor();
  await look(tablet.page, 'tablet: key for the customer');
  await shoot(tablet.page, 'staff-drop-done');

  // A wrong PIN opens nothing and says no more than that.
  const wrong = pin === '528417' ? '417528' : '528417';
  await typePin(customer, wrong);
  await customer.page.locator('#kiosk span').getByText('This code does not match.').waitFor();
  assert.equal((await world.kiosk.box(box)).open, false);
  await customer.type(pin);
  assert.equal(await customer.served('pick.serve'), box);
  await shoot(customer.page, 'pick-serve');
  const cabinet = await world.cabinet();
  await cabinet.take(box);
  await cabinet.close(box);
  await customer.touch('Confirm');
  await customer.at('pick.thanks');
  await shoot(customer.page, 'pick-thanks');
  await world.keyIs(PLATE, 'customer');
  await tablet.page.locator('.timeline').getByText('Picked up by the customer').waitFor();
  await customer.touch('Done');

  // PICK-3: something was left in it. The same PIN opens the same box once more.
  await typePin(customer, pin);
  assert.equal(await customer.served('pick.serve'), box);
  await customer.page.locator('#kiosk').getByText('Take what you left').first().waitFor();
  await cabinet.close(box);
  await customer.touch('Confirm');
  await customer.at('pick.thanks');
});

test('staff_drop_05 staff_drop_06: the PIN is sent again to another address, then the key is taken back', async (t) => {
  const world = await World.of(t, await browser());
  const { customer } = world;
  const office = await world.staff('office', 'reception');
  const { box, pin: first } = await handIn(world, office);
  const mailbox = await world.mailbox();
  await office.button('Send the PIN code again').click();
  await office.page.getByRole('radio', { name: /e•••\.com/ }).check();
  await look(office.page, 'office: send again');
  await shoot(office.page, 'staff-drop-send-again');
  await office.button('Send').click();
  const second = await mailbox.pin(1);
  assert.match(await mailbox.newest(), /jane\.sample@example\.com/);
  await until('both in the communication log', async () => (await office.page.locator('.log li', { hasText: 'sent' }).count()) === 2);
  assert.doesNotMatch(await office.page.locator('.log').innerText(), /_/, 'words, no ids');
  await typePin(customer, first);
  await customer.page.locator('#kiosk span').getByText('A newer code has replaced this one.').waitFor();
  await customer.touch('Stop', 'Yes, stop');

  await office.button('Pick up this key').click();
  await office.page.getByLabel('Security code').fill(SECURITY_CODE);
  await office.button('Continue').click();
  await office.page.locator('#ticket').waitFor();
  await scanDigits(office, await showQr(customer, 'Pick up a key'));
  assert.equal(await customer.served('pick.serve'), box);
  const cabinet = await world.cabinet();
  await cabinet.take(box);
  await cabinet.close(box);
  await customer.touch('Confirm');
  await customer.at('pick.thanks');
  await world.keyIs(PLATE, 'staff');
  await until('the customer is told', async () => (await mailbox.count()) === 3);
  await until('the letter on the page', async () => /no longer in the key locker/.test(await mailbox.newest()));
  assert.doesNotMatch(await mailbox.newest(), /\b\d{6}\b/);
  await customer.touch('Done');
  await typePin(customer, second);
  await customer.page.locator('#kiosk span').getByText('This code is no longer valid.').waitFor();
});
