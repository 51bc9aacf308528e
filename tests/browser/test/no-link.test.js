// Without a link to the office: what is known goes on, what needs it says so before it is pressed (SAFE-6).

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { base32, shown } from '../lib/authenticator.js';
import { look } from '../lib/axe.js';
import { whole } from '../lib/catalogue.js';
import { signIn } from '../lib/fast.js';
import { until } from '../lib/kiosk.js';
import { SECURITY_CODE } from '../lib/staff.js';
import { World, inEachLanguage, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);
const PLATE = '1-ABC-123';

/** Cuts the wire between locker and office, or mends it, at the simulated cabinet; waits until the kiosk knows. */
async function wire(world, cut) {
  const { page } = await world.cabinet();
  await page.locator('[data-key="link-cut"]').setChecked(cut, { force: true });
  await until('the wire', async () => (await world.kiosk.get('/api/v1/cabinet')).link_cut === cut);
}

const off = (customer, name) => customer.page.locator(`[data-key="press-${name}"][aria-disabled="true"]`);

inEachLanguage((locale) => {
  test(`safe_06: a PIN picks up, an authenticator opens, a number without 2FA drops; sending, QR and help say that they do not, in ${locale}`, async (t) => {
    const world = await World.of(t, await browser(), { locale });
    const { customer, kiosk, hand } = world;
    const { box_no: box, pin } = await hand.handIn(PLATE, SECURITY_CODE);
    await world.keyIs(PLATE, 'box', box);
    const Cookie = await signIn(kiosk, 'admin');
    const { json: { uri } } = await kiosk.ask('POST', '/api/v1/lockers/1/authenticator', {}, { Cookie });
    const office = await world.staff('office', 'admin');

    await wire(world, true);
    await office.reads('notLinked');
    await customer.begin();
    for (const name of ['registration', 'phone', 'qr']) {
      await off(customer, `by_${name}`).waitFor();
      assert.match(await off(customer, `by_${name}`).innerText(), whole(locale, `method-${name}-off`));
    }
    await customer.reads('method-no-link');
    await look(customer.page, 'no link: drop.method', { kiosk: true });
    await customer.shoot('no-link-drop');
    await off(customer, 'by_registration').click({ force: true });
    await customer.press('help');
    await off(customer, 'call_help').waitFor();
    assert.match(await off(customer, 'call_help').innerText(), whole(locale, 'help-call-off'));
    assert.match(await customer.page.locator('#overlay').innerText(), /\+32 2 555 01 00/, 'whom to phone');
    await look(customer.page, 'no link: help', { kiosk: true });
    await customer.press('close_help');
    await customer.at('drop.method');
    await customer.press('abort', 'yes');

    await customer.begin('pick');
    await off(customer, 'by_qr').waitFor();
    await customer.press('by_pin');
    await customer.type(pin);
    assert.equal(await customer.serve('pick', 'take'), box);
    await customer.done('pick');
    assert.equal((await world.visit(PLATE)).custody.kind, 'box', 'the office has not heard of it');

    await customer.lookInto(4, shown(base32(new URL(uri).searchParams.get('secret'))));

    await wire(world, false);
    await world.keyIs(PLATE, 'customer');
    await customer.begin();
    await customer.page.locator('[data-key="press-by_registration"]:not([aria-disabled])').waitFor();
    await customer.press('abort', 'yes');

    // With 2FA off nothing has to be sent: today's work list is enough.
    await world.settings({ two_factor: false });
    await until('2FA off', async () => (await kiosk.get('/api/v1/lockers', { Cookie }))[0].two_factor === false);
    await wire(world, true);
    await customer.begin();
    await off(customer, 'by_qr').waitFor();
    await customer.reads('method-no-staff');
    await customer.lookUp('registration', '2LMN012');
    const dropped = await customer.agree();
    await customer.serve('drop', 'put');
    await customer.at('drop.thanks');
    await wire(world, false);
    await world.keyIs('2-LMN-012', 'box', dropped);
  });
});
