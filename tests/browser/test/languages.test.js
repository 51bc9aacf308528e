// Both ways, codes of staff, help and leaving, at kiosk and tablet, in each language: every button is found by what it does,
// and every screen is in the language that was chosen.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { LOCALES } from '../lib/catalogue.js';
import { signIn } from '../lib/fast.js';
import { World, inEachLanguage, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);
const PLATE = '1-ABC-123';

inEachLanguage((locale) => {
  test(`start_03: there and back, codes of staff, help and leaving, all in ${locale}`, async (t) => {
    const world = await World.of(t, await browser(), { locale });
    const { customer } = world;
    const mailbox = await world.mailbox();

    // Each language by its own name, until the one that is wanted.
    await customer.at('start');
    for (const other of [...LOCALES.filter((one) => one !== locale), 'en']) await customer.chooseLanguage(other);
    await customer.begin('drop');
    await customer.press('help');
    await customer.at('drop.method', { overlay: 'help' });
    await customer.shoot('help');
    await customer.press('call_help', 'close_help', 'abort');
    await customer.at('drop.method', { overlay: 'abort' });
    await customer.press('no');
    await customer.at('drop.method');
    const box = await customer.drop('1ABC123');

    const mechanic = await world.staff('tablet', 'mechanic');
    await mechanic.ticket(PLATE);
    await mechanic.names('#ticket', 'start-pick-up', 'welcome-go');
    await mechanic.scan(await customer.showQr('pick'));
    await mechanic.names('#result', 'serve-confirm');
    assert.equal(await customer.serve('pick', 'take'), box);
    await customer.done('pick');
    await world.keyIs(PLATE, 'staff');

    const reception = await world.staff('tablet', 'reception');
    await reception.ticket(PLATE, 'drop');
    await reception.names('#ticket', 'start-drop', 'welcome-go');
    await reception.scan(await customer.showQr('drop'));
    await customer.at('drop.serve');
    await customer.shoot('drop');
    const before = await mailbox.count();
    const outbound = await customer.serve('drop', 'put');
    await customer.done('drop');
    await customer.pickUpBy(await mailbox.pin(before));
    assert.equal(await customer.serve('pick', 'take'), outbound);
    await customer.shoot('pick');
    await customer.done('pick');
    await world.keyIs(PLATE, 'customer');

    const Cookie = await signIn(world.kiosk, 'admin');
    const { json } = await world.kiosk.ask('POST', '/api/v1/lockers/1/temporary-pin', { reason: 'A test' }, { Cookie });
    await customer.pickUpBy(json.pin);
    await customer.at('staff.box');
    await customer.shoot('staff-box');
    await customer.choose('staff-box-number', { box: 2 });
    await customer.press('ok');
    assert.equal(await customer.findEmpty(), 2);

    await customer.begin('pick');
    await customer.press('abort');
    await customer.at('pick.method', { overlay: 'abort' });
    await customer.press('yes');
    await customer.at('start');
    assert.ok(customer.seen.size >= 18, [...customer.seen].join(', '));
  });
});
