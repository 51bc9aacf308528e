// The profile `classic`, the older edition, through the real kiosk: from its welcome screen to the key in a mechanic's hand.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { look } from '../lib/axe.js';
import { World, inEachLanguage, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);
const PLATE = '1-ABC-123';

inEachLanguage((locale) => {
  test(`classic: welcome first, a PIN by e-mail alone, and the QR code of step 1 gives the key to a mechanic without a security code, in ${locale}`, async (t) => {
    const world = await World.of(t, await browser(), { config: 'profile = "classic"\n', first: 'drop.welcome', locale });
    const { customer } = world;
    assert.equal(await customer.page.locator('[data-key="press-drop_key"], [data-key="press-pick_up_key"]').count(), 0);
    await customer.begin();
    const box = await customer.drop('1ABC123', { steps: async (step) => {
      if (step === 'drop.contact') assert.doesNotMatch(await customer.text(), /\+32 4/, 'e-mail only');
    } });
    await customer.at('drop.welcome');

    // Mechanics only, inbound only.
    const reception = await world.staff('tablet', 'reception');
    await reception.row(PLATE).locator('.has-key').waitFor();
    assert.equal(await reception.page.locator('.is-answered').count(), 0, 'no blue field');
    await reception.open(PLATE);
    for (const key of ['pick-up', 'drop']) assert.equal(await reception.control(key).count(), 0, key);
    const mechanic = await world.staff('tablet', 'mechanic');
    await mechanic.open(PLATE);
    await mechanic.press('pick-up');
    await mechanic.page.locator('dialog').waitFor();
    assert.equal(await mechanic.page.locator('dialog input').count(), 0, 'no security code');
    await look(mechanic.page, 'tablet: classic has no security code');
    await mechanic.goOn();
    await mechanic.page.locator('#ticket').waitFor();
    await mechanic.reads('how_welcome', {}, mechanic.page.locator('#ticket'));
    await mechanic.names('#ticket', 'welcome-go');
    const digits = await customer.showQr('drop');
    await customer.shoot('classic-qr');
    await mechanic.scan(digits);
    assert.equal(await customer.serve('pick', 'take'), box);
    await customer.done('pick');
    await customer.at('drop.welcome');
    assert.match((await world.keyIs(PLATE, 'staff')).user, /Max/);
  });
});
