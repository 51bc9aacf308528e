// The profile `classic`, the older edition, through the real kiosk: from its welcome screen to the key in a mechanic's hand.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { look } from '../lib/axe.js';
import { until } from '../lib/kiosk.js';
import { shoot } from '../lib/shots.js';
import { World, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);
const PLATE = '1-ABC-123';

test('classic: welcome first, a PIN by e-mail alone, and the QR code of step 1 gives the key to a mechanic without a security code', async (t) => {
  const world = await World.of(t, await browser(), { config: 'profile = "classic"\n', first: 'drop.welcome' });
  const { customer } = world;
  const cabinet = await world.cabinet();
  assert.equal(await customer.page.locator('[data-key="press-drop_key"], [data-key="press-pick_up_key"]').count(), 0);
  await shoot(customer.page, 'classic-welcome');
  await customer.press('go');
  await customer.at('drop.method');
  await customer.press('by_registration');
  await customer.at('drop.registration');
  await customer.write('1ABC123');
  await customer.press('ok');
  await customer.at('drop.contact');
  assert.doesNotMatch(await customer.text(), /\+32 4/, 'e-mail only');
  const mailbox = await world.mailbox();
  await customer.press('send');
  await customer.at('drop.sent');
  const pin = await mailbox.pin();
  await customer.press('enter_code');
  await customer.at('drop.pin');
  await customer.type(pin);
  await customer.at('drop.driver');
  await customer.press('next');
  await customer.at('drop.appointments');
  await customer.press('next');
  const box = await customer.served('drop.serve');
  await cabinet.put(box);
  await cabinet.close(box);
  await customer.press('confirm');
  await customer.at('drop.thanks');
  await customer.press('done');
  await customer.at('drop.welcome');

  // Mechanics only, inbound only.
  const reception = await world.staff('tablet', 'reception');
  await reception.row(PLATE).locator('.has-key').waitFor();
  assert.equal(await reception.page.locator('.is-answered').count(), 0, 'no blue field');
  await reception.row(PLATE).click();
  await reception.page.locator('#detail-title', { hasText: PLATE }).waitFor();
  for (const label of ['Pick up this key', 'Drop this key for the customer']) assert.equal(await reception.button(label).count(), 0, label);
  const mechanic = await world.staff('tablet', 'mechanic');
  await mechanic.row(PLATE).click();
  await mechanic.button('Pick up this key').click();
  await mechanic.page.locator('dialog').waitFor();
  assert.equal(await mechanic.page.getByLabel('Security code').count(), 0);
  await look(mechanic.page, 'tablet: classic has no security code');
  await mechanic.button('Continue').click();
  await mechanic.page.locator('#ticket').waitFor();
  await customer.press('go', 'by_qr');
  await customer.at('drop.qr');
  await until('the QR picture', () => customer.page.evaluate(() => document.querySelector('.qr-img')?.naturalWidth > 0));
  await shoot(customer.page, 'classic-qr');
  await mechanic.page.getByLabel('Or type the 8 digits under the code').fill((await customer.page.locator('.qr-digits').innerText()).replace(/\D/g, ''));
  await mechanic.button('Send').click();
  await mechanic.page.locator('#result').waitFor();
  assert.equal(await customer.served('pick.serve'), box);
  await cabinet.take(box);
  await cabinet.close(box);
  await customer.press('confirm');
  await customer.at('pick.thanks');
  await customer.press('done');
  await customer.at('drop.welcome');
  assert.match((await world.keyIs(PLATE, 'staff')).user, /Max/);
});
