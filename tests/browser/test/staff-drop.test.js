// Staff drop a key for the customer, who picks it up with a PIN; and what can go otherwise.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { look } from '../lib/axe.js';
import { part } from '../lib/catalogue.js';
import { until } from '../lib/kiosk.js';
import { World, inEachLanguage, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);
const PLATE = '1-ABC-123';

/** The receptionist puts the key in; gives the box and the PIN that the customer gets. */
async function handIn(world, staff) {
  const { customer } = world;
  const cabinet = await world.cabinet();
  const mailbox = await world.mailbox();
  const before = await mailbox.count();
  await staff.ticket(PLATE, 'drop', { contact: /e•••\.org/ });
  await staff.scan(await customer.showQr('drop'));
  const box = await customer.served('drop.serve');
  await cabinet.put(box);
  await cabinet.close(box);
  assert.equal(await mailbox.count(), before, 'no PIN before Confirm');
  await customer.press('confirm');
  await customer.at('drop.thanks');
  const pin = await mailbox.pin(before);
  await customer.done('drop');
  await staff.press('result-done');
  return { box, pin };
}

inEachLanguage((locale) => {
  test(`staff_drop_01 staff_drop_02 staff_drop_03 staff_drop_04 pick_01 pick_02 pick_03: the receptionist drops a key, the customer picks it up, and comes back for what was left, in ${locale}`, async (t) => {
    const world = await World.of(t, await browser(), { locale });
    const { customer } = world;
    const tablet = await world.staff('tablet', 'reception');
    // A mechanic has no such right, and no such button.
    const mechanic = await world.staff('tablet', 'mechanic');
    await mechanic.open(PLATE);
    assert.equal(await mechanic.control('drop').count(), 0);

    const { box, pin } = await handIn(world, tablet);
    await world.keyIs(PLATE, 'box', box);
    // The letter is in the driver's language, or the location's.
    const letter = await (await world.mailbox()).newest();
    assert.match(letter, /jane@example\.org/);
    assert.match(letter, part('en', 'mail-pick-up-pin-subject'));
    await tablet.press('back');
    await tablet.row(PLATE).locator('.has-key').waitFor();
    await tablet.reads('outboundIn', { n: box }, tablet.row(PLATE));
    await tablet.open(PLATE);
    await tablet.reads('custody_box', { n: box, locker: 'Front door' }, tablet.page.locator('.facts'));
    await tablet.reads('kind_key_dropped_back', {}, tablet.page.locator('.timeline'));
    await look(tablet.page, 'tablet: key for the customer');

    // A wrong PIN opens nothing and says no more than that.
    await customer.pickUpBy(pin === '528417' ? '417528' : '528417');
    await customer.reads('drop-pin-wrong');
    assert.equal((await world.kiosk.box(box)).open, false);
    await customer.type(pin);
    assert.equal(await customer.serve('pick', 'take'), box);
    await customer.at('pick.thanks');
    await customer.shoot('pick-thanks');
    await world.keyIs(PLATE, 'customer');
    await tablet.reads('kind_key_collected', {}, tablet.page.locator('.timeline'));
    await customer.done('pick');

    // PICK-3: something was left in it. The same PIN opens the same box once more.
    await customer.pickUpBy(pin);
    assert.equal(await customer.served('pick.serve'), box);
    await customer.reads('serve-take-left', { box });
    await customer.shoot('take-left');
    await customer.serve('pick');
    await customer.at('pick.thanks');
  });

  test(`staff_drop_05 staff_drop_06: the PIN is sent again to another address, then the key is taken back, in ${locale}`, async (t) => {
    const world = await World.of(t, await browser(), { locale });
    const { customer } = world;
    const office = await world.staff('office', 'reception');
    const { box, pin: first } = await handIn(world, office);
    const mailbox = await world.mailbox();
    await office.press('send-again');
    await office.page.getByRole('radio', { name: /e•••\.com/ }).check();
    await look(office.page, 'office: send again');
    await office.goOn();
    const second = await mailbox.pin(1);
    assert.match(await mailbox.newest(), /jane\.sample@example\.com/);
    const sent = await office.text('outcome_sent');
    await until('both in the communication log', async () => (await office.page.locator('.log li', { hasText: sent }).count()) === 2);
    assert.doesNotMatch(await office.page.locator('.log').innerText(), /_/, 'words, no ids');
    await customer.pickUpBy(first);
    await customer.reads('drop-pin-replaced');
    await customer.press('abort', 'yes');

    await office.ticket(PLATE);
    await office.scan(await customer.showQr('pick'));
    assert.equal(await customer.serve('pick', 'take'), box);
    await customer.at('pick.thanks');
    await world.keyIs(PLATE, 'staff');
    await until('the customer is told', async () => (await mailbox.count()) === 3);
    await until('the letter on the page', async () => part('en', 'mail-pick-up-off-subject').test(await mailbox.newest()));
    assert.doesNotMatch(await mailbox.newest(), /\b\d{6}\b/);
    await customer.done('pick');
    await customer.pickUpBy(second);
    await customer.reads('pick-pin-expired');
  });
});
