// Staff without a tablet: a temporary PIN, and an authenticator, from the office page to the open box.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { base32, shown } from '../lib/authenticator.js';
import { look } from '../lib/axe.js';
import { until } from '../lib/kiosk.js';
import { World, inEachLanguage, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);

inEachLanguage((locale) => {
  test(`code_08: a dealer admin gets a temporary PIN for a box, and for any box, in ${locale}`, async (t) => {
    const world = await World.of(t, await browser(), { locale });
    const { customer } = world;
    const office = await world.staff('office', 'admin');
    const ask = async (box) => {
      await office.press('temporary-1');
      await (await office.field('whichBox')).selectOption({ label: box });
      await (await office.field('reason')).fill('Spare key for the tow truck');
      await look(office.page, 'office: temporary PIN wanted');
      await office.goOn();
      const pin = (await office.page.locator('dialog .code').innerText()).replace(/\D/g, '');
      assert.equal(pin.length, 8);
      await look(office.page, 'office: temporary PIN shown');
      await office.press('close');
      await office.page.locator('dialog').waitFor({ state: 'detached' });
      assert.ok(!(await office.page.content()).includes(pin), 'shown once');
      return pin;
    };
    await customer.pickUpBy(await ask(await office.text('box', { n: 3 })));
    assert.equal(await customer.findEmpty(), 3);
    await customer.pickUpBy(await ask(await office.text('anyBox')));
    await customer.at('staff.box');
    await customer.choose('staff-box-number', { box: 2 });
    await customer.press('ok');
    assert.equal(await customer.findEmpty(), 2);
  });

  test(`code_09: an authenticator is set up by its QR, opens a box, and is revoked, in ${locale}`, async (t) => {
    const world = await World.of(t, await browser(), { locale });
    const { customer } = world;
    const office = await world.staff('office', 'admin');
    await office.press('enrol-1');
    await look(office.page, 'office: authenticator');
    await office.goOn();
    await until('the QR picture', () => office.page.evaluate(() => document.querySelector('dialog .qr')?.naturalWidth > 100));
    await look(office.page, 'office: authenticator shown');
    const uri = new URL(await office.page.locator('dialog .uri').innerText());
    assert.deepEqual(['algorithm', 'digits'].map((name) => uri.searchParams.get(name)), ['SHA256', '8']);
    const secret = base32(uri.searchParams.get('secret'));
    assert.equal(secret.length, 32);
    await office.press('close');
    await customer.lookInto(4, shown(secret));
    const revoke = office.page.locator('[data-key^="revoke-"]');
    assert.equal(await revoke.innerText(), await office.text('revoke', { user: 'Ada Admin' }));
    await revoke.click();
    await revoke.waitFor({ state: 'detached' });
    await customer.pickUpBy(shown(secret));
    await customer.at('pick.pin');
    await customer.reads('drop-pin-wrong');
  });
});

test('code_08: without the right the office offers neither', async (t) => {
  const world = await World.of(t, await browser());
  const office = await world.staff('office', 'reception');
  await office.page.locator('.boxes').first().waitFor();
  for (const key of ['temporary-1', 'enrol-1']) assert.equal(await office.control(key).count(), 0);
});
