// Both ways, codes of staff, help and leaving, at kiosk and tablet, in each language: every button is found by what it does,
// and every screen is in the language that was chosen. English is in all the other tests too.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, test } from 'node:test';
import { Hand, signIn } from '../lib/fast.js';
import { until } from '../lib/kiosk.js';
import { shoot } from '../lib/shots.js';
import { SECURITY_CODE, World, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);
const PLATE = '1-ABC-123';

/** The English texts by id; what is filled in stands for anything. */
const english = new Map(
  [...readFileSync(new URL('../../../locker-core/src/text/en.ftl', import.meta.url), 'utf8').matchAll(/^([a-z][a-z0-9-]*) = (.+)$/gm)]
    .map(([, id, words]) => [id, new RegExp(`^${words.split(/\{[^}]*\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')}$`)]),
);

class Walk {
  constructor(world, locale) {
    this.world = world;
    this.locale = locale;
    this.customer = world.customer;
    this.seen = new Set();
  }

  async at(step, options) {
    const { page } = this.customer;
    await this.customer.at(step, options);
    await page.waitForFunction((lang) => document.documentElement.lang === lang, this.locale);
    const screen = await this.world.kiosk.screen();
    assert.equal(screen.locale, this.locale, step);
    const title = options?.overlay ? screen.overlay.title : screen.title;
    assert.equal(await page.locator(options?.overlay ? '#overlay-title' : '#title').innerText(), title.text);
    const name = [step, options?.overlay].filter(Boolean).join(' + ');
    assert.equal(english.get(title.id).test(title.text), this.locale === 'en', `${name}: ${title.text}`);
    this.seen.add(name);
  }

  async press(...names) {
    await this.customer.press(...names);
  }

  /** From the start to step 1; the language ended with the session before. */
  async begin(flow) {
    await this.customer.at('start');
    await this.customer.page.locator(`[data-key="lang-${this.locale}"]`).click();
    await this.at('start');
    await this.press(flow === 'drop' ? 'drop_key' : 'pick_up_key');
    await this.at(`${flow}.welcome`);
    await this.press('go');
    await this.at(`${flow}.method`);
  }

  /** The box that is served: the key goes in or out, the door shuts, *Confirm*. */
  async serve(flow, hand) {
    const box = await this.customer.served(`${flow}.serve`);
    await this.at(`${flow}.serve`);
    const cabinet = await this.world.cabinet();
    if (hand) await cabinet[hand](box);
    await cabinet.close(box);
    await this.press('confirm');
    return box;
  }

  async done(flow) {
    await this.at(`${flow}.thanks`);
    await this.press('done');
  }

  async tablet(login) {
    const staff = await this.world.staff('tablet', login);
    await staff.page.locator('[data-key="language"]').selectOption(this.locale);
    return staff.page;
  }

  /** The work order, the ticket with the security code, the digits under the kiosk's QR code. */
  async ticket(page, button) {
    await page.locator('.visit', { hasText: PLATE }).click();
    await page.locator(`[data-key="${button}"]`).click();
    await page.locator('dialog input[inputmode="numeric"]').fill(SECURITY_CODE);
    if (button === 'drop') await page.locator('dialog input[type="radio"]').first().check();
    await page.locator('dialog .act-primary').click();
    await page.locator('#ticket').waitFor();
  }

  async scan(page, flow) {
    await this.begin(flow);
    await this.press('by_qr');
    await this.at(`${flow}.qr`);
    const digits = await until('the digits', async () => (await this.customer.page.locator('.qr-digits').innerText()).replace(/\D/g, ''));
    await page.locator('#ticket form input').fill(digits);
    await page.locator('#ticket form button').click();
    await page.locator('#result').waitFor();
  }
}

for (const locale of ['en', 'fr', 'nl', 'de']) {
  test(`start_03: there and back, codes of staff, help and leaving, all in ${locale}`, async (t) => {
    const world = await World.of(t, await browser());
    const walk = new Walk(world, locale);
    const { customer } = world;
    const mailbox = await world.mailbox();
    const shot = (name) => shoot(customer.page, `${locale}-${name}`);

    await walk.begin('drop');
    await walk.press('help');
    await walk.at('drop.method', { overlay: 'help' });
    await shot('help');
    await walk.press('call_help', 'close_help', 'abort');
    await walk.at('drop.method', { overlay: 'abort' });
    await walk.press('no');
    await walk.press('by_registration');
    await walk.at('drop.registration');
    await customer.write('1ABC123');
    await walk.press('ok');
    await walk.at('drop.contact');
    await walk.press('send');
    await walk.at('drop.sent');
    const first = await mailbox.pin();
    await walk.press('enter_code');
    await walk.at('drop.pin');
    await customer.type(first);
    await walk.at('drop.driver');
    await walk.press('next');
    await walk.at('drop.appointments');
    await walk.press('next');
    const box = await walk.serve('drop', 'put');
    await walk.done('drop');

    const mechanic = await walk.tablet('mechanic');
    await walk.ticket(mechanic, 'pick-up');
    await walk.scan(mechanic, 'pick');
    assert.equal(await walk.serve('pick', 'take'), box);
    await walk.done('pick');
    await world.keyIs(PLATE, 'staff');

    const reception = await walk.tablet('reception');
    await walk.ticket(reception, 'drop');
    await walk.scan(reception, 'drop');
    await shot('drop');
    const before = await mailbox.count();
    const outbound = await walk.serve('drop', 'put');
    await walk.done('drop');
    const second = await mailbox.pin(before);
    await walk.begin('pick');
    await walk.press('by_pin');
    await walk.at('pick.pin');
    await customer.type(second);
    assert.equal(await walk.serve('pick', 'take'), outbound);
    await shot('pick');
    await walk.done('pick');
    await world.keyIs(PLATE, 'customer');

    const Cookie = await signIn(world.kiosk, 'admin');
    const { json } = await world.kiosk.ask('POST', '/api/v1/lockers/1/temporary-pin', { reason: 'A test' }, { Cookie });
    await walk.begin('pick');
    await walk.press('by_pin');
    await walk.at('pick.pin');
    await customer.type(json.pin);
    await walk.at('staff.box');
    await shot('staff-box');
    await customer.page.locator('[data-key="choose-1"]').click();
    await walk.press('ok');
    assert.equal(await walk.serve('pick'), 2);
    await walk.at('check.settle');
    await walk.press('box_empty');
    await walk.done('pick');

    await walk.begin('pick');
    await walk.press('abort');
    await walk.at('pick.method', { overlay: 'abort' });
    await walk.press('yes');
    await customer.at('start');
    assert.equal((await new Hand(world.kiosk).at('start')).locale, 'en', 'the language ends with the session');
    assert.ok(walk.seen.size >= 18, [...walk.seen].join(', '));
  });
}
