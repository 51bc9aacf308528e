// Staff without a tablet: a temporary PIN, and an authenticator, from the office page to the open box.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { base32, shown } from '../lib/authenticator.js';
import { look } from '../lib/axe.js';
import { until } from '../lib/kiosk.js';
import { World, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);

/** Types a code at *Pick up*. */
async function typeCode(customer, code) {
  await customer.begin('Pick up a key');
  await customer.touch('PIN code');
  await customer.at('pick.pin');
  await customer.type(code);
}

/** Chooses an item of the list, turning its pages. */
async function choose(customer, label) {
  const item = customer.page.getByRole('radio', { name: label });
  await item.first().click();
  await customer.touch('OK');
}

/** Shuts the box that stands open, and says that it is empty. */
async function foundEmpty(world, box) {
  const { customer } = world;
  const cabinet = await world.cabinet();
  await cabinet.close(box);
  await customer.touch('Confirm');
  await customer.at('check.settle');
  await customer.touch('The box is empty');
  await customer.at('pick.thanks');
  await customer.touch('Done');
}

test('code_08: a dealer admin gets a temporary PIN for a box, and for any box', async (t) => {
  const world = await World.of(t, await browser());
  const { customer } = world;
  const office = await world.staff('office', 'admin');
  const ask = async (box) => {
    await office.button('Temporary PIN').click();
    await office.page.getByLabel('Which box').selectOption({ label: box });
    await office.page.getByLabel('Reason').fill('Spare key for the tow truck');
    await look(office.page, 'office: temporary PIN wanted');
    await office.button('Get the PIN').click();
    const pin = (await office.page.locator('dialog .code').innerText()).replace(/\D/g, '');
    assert.equal(pin.length, 8);
    await look(office.page, 'office: temporary PIN shown');
    await office.button('Close').click();
    await office.page.locator('dialog').waitFor({ state: 'detached' });
    assert.ok(!(await office.page.content()).includes(pin), 'shown once');
    return pin;
  };
  await typeCode(customer, await ask('Box 3'));
  assert.equal(await customer.served('pick.serve'), 3);
  await foundEmpty(world, 3);
  await typeCode(customer, await ask('Any one box, chosen at the locker'));
  await customer.at('staff.box');
  await choose(customer, /^Box 2\b/);
  assert.equal(await customer.served('pick.serve'), 2);
  await foundEmpty(world, 2);
});

test('code_09: an authenticator is set up by its QR, opens a box, and is revoked', async (t) => {
  const world = await World.of(t, await browser());
  const { customer } = world;
  const office = await world.staff('office', 'admin');
  await office.button('My authenticator').click();
  await look(office.page, 'office: authenticator');
  await office.button('Set up').click();
  await until('the QR picture', () => office.page.evaluate(() => document.querySelector('dialog .qr')?.naturalWidth > 100));
  await look(office.page, 'office: authenticator shown');
  const uri = new URL(await office.page.locator('dialog .uri').innerText());
  assert.deepEqual(['algorithm', 'digits'].map((name) => uri.searchParams.get(name)), ['SHA256', '8']);
  const secret = base32(uri.searchParams.get('secret'));
  assert.equal(secret.length, 32);
  await office.button('Close').click();
  await typeCode(customer, shown(secret));
  await customer.at('staff.reason');
  await choose(customer, 'To look what is in it');
  await customer.at('staff.box');
  await choose(customer, /^Box 4\b/);
  assert.equal(await customer.served('pick.serve'), 4);
  await foundEmpty(world, 4);
  await office.page.getByRole('button', { name: /^Revoke the authenticator of/ }).click();
  await office.page.getByRole('button', { name: /^Revoke the authenticator of/ }).waitFor({ state: 'detached' });
  await typeCode(customer, shown(secret));
  await customer.at('pick.pin');
  assert.match(await customer.text(), /does not match/);
});

test('code_08: without the right the office offers neither', async (t) => {
  const world = await World.of(t, await browser());
  const office = await world.staff('office', 'reception');
  await office.page.locator('.boxes').first().waitFor();
  for (const label of ['Temporary PIN', 'My authenticator']) assert.equal(await office.button(label).count(), 0);
});
