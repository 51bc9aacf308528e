// Somebody at the bottom screen, who reads one language: buttons are found by what they do, and every screen is held against
// the texts of that language.

import assert from 'node:assert/strict';
import { look } from './axe.js';
import { LANGUAGES, isIn, whole } from './catalogue.js';
import { until } from './kiosk.js';
import { shoot } from './shots.js';

const BEGIN = { drop: 'drop_key', pick: 'pick_up_key' };
const nothing = async () => {};

export class Customer {
  constructor(page, world) {
    this.page = page;
    this.world = world;
    this.locale = world.locale;
    /** The steps that came, with their overlays. */
    this.seen = new Set();
  }

  /**
   * Waits for a step, in this person's language: at the first screen it is English again, because a language ends with its session (START-3).
   * Every screen seen for the first time is looked at for faults.
   */
  async at(step, { overlay, locale = step === this.world.first ? 'en' : this.locale } = {}) {
    await this.page.locator(`#kiosk[data-step="${step}"]`).waitFor().catch(async () => {
      const { id, generation, lines, notice, overlay } = await this.world.kiosk.screen();
      const now = { id, generation, lines: lines.map(({ text }) => text), notice: notice?.text.text, overlay: overlay?.id };
      assert.fail(`${step} never came; the kiosk shows ${JSON.stringify(now)}`);
    });
    const panel = this.page.locator('#overlay .panel');
    if (overlay) await this.page.locator(`#overlay .panel-${overlay}`).waitFor();
    else await panel.waitFor({ state: 'detached' });
    const name = [step, overlay].filter(Boolean).join(' + ');
    await this.#isIn(locale, name, overlay);
    this.seen.add(name);
    await look(this.page, name, { kiosk: true });
  }

  async #isIn(locale, name, overlay) {
    await this.page.waitForFunction((lang) => document.documentElement.lang === lang, locale);
    const screen = await this.world.kiosk.screen();
    assert.equal(screen.locale, locale, name);
    const title = overlay ? screen.overlay.title : screen.title;
    assert.equal(await this.page.locator(overlay ? '#overlay-title' : '#title').innerText(), title.text);
    isIn(locale, title, name);
  }

  /** Waits until this text of the catalogue stands on the screen. */
  async reads(id, args, options) {
    await this.page.locator('#kiosk').getByText(whole(this.locale, id, args)).filter({ visible: true }).first().waitFor(options);
  }

  /** Touches buttons by what they do. */
  async press(...names) {
    for (const name of names) await this.page.locator(`[data-key="press-${name}"]`).click();
  }

  /** Types a code on the keypad, masked, and hands it over. */
  async type(code) {
    for (const digit of code) await this.page.locator(`[data-key="digit-${digit}"]`).click();
    await until('the digits, masked', async () => (await this.page.locator('.slot-full').count()) === code.length);
    await this.press('ok');
  }

  /** Writes with the keys on the screen. */
  async write(text) {
    for (const letter of text) await this.page.locator(`[data-key="char-${quoted(letter)}"]`).click();
    assert.equal(await this.page.locator('#entry').inputValue(), text);
  }

  /** Chooses what a list offers under this text. */
  async choose(id, args) {
    const item = this.page.getByRole('radio').filter({ has: this.page.locator('.choice-label, .choice-detail', { hasText: whole(this.locale, id, args) }) });
    await item.click();
    await item.and(this.page.locator('[aria-checked="true"]')).waitFor();
  }

  text() {
    return this.page.locator('#kiosk').innerText();
  }

  shoot(name) {
    return shoot(this.page, `${this.locale}-${name}`);
  }

  /** At the first screen, by the language's own name. */
  async chooseLanguage(locale = this.locale) {
    await this.page.locator(`[data-key="lang-${locale}"]`, { hasText: LANGUAGES[locale] }).click();
    await this.at(this.world.first, { locale });
  }

  /** From the first screen to step 1. */
  async begin(flow = 'drop') {
    const { first } = this.world;
    await this.at(first);
    if (this.locale !== 'en') await this.chooseLanguage();
    if (first === 'start') {
      await this.press(BEGIN[flow]);
      await this.at(`${flow}.welcome`);
    }
    await this.press('go');
    await this.at(`${flow}.method`);
  }

  /** From step 1: writes a number, of the `registration` or the `phone`, to be looked up. */
  async lookUp(kind, text) {
    await this.press(`by_${kind}`);
    await this.at(`drop.${kind}`);
    await this.write(text);
    await this.press('ok');
  }

  /** Has the PIN sent to a contact of this label, or to the one offered; gives the PIN that lies in the mailbox then. */
  async receivePin({ contact, steps = nothing } = {}) {
    await this.at('drop.contact');
    await steps('drop.contact');
    if (contact) await this.choose(contact);
    const mailbox = await this.world.mailbox();
    const before = await mailbox.count();
    await this.press('send');
    await this.at('drop.sent');
    await steps('drop.sent');
    return mailbox.pin(before);
  }

  /** From step 1 by a registration to a PIN. */
  async pinByRegistration(plate, options) {
    await this.lookUp('registration', plate);
    return this.receivePin(options);
  }

  /** From the entry of the PIN through steps 2 and 3 to an open box; gives its number. */
  async prove(pin, { steps = nothing } = {}) {
    await this.at('drop.pin');
    await this.type(pin);
    await this.at('drop.driver');
    await steps('drop.driver');
    await this.press('next');
    return this.agree({ steps });
  }

  /** From step 3 to an open box; gives its number. */
  async agree({ steps = nothing } = {}) {
    await this.at('drop.appointments');
    await steps('drop.appointments');
    await this.press('next');
    return this.served('drop.serve');
  }

  /** From step 1 to an open box, by a registration and the PIN that is sent; gives the box. `steps` is told of each step on the way. */
  async dropUntilOpen(plate, options) {
    const pin = await this.pinByRegistration(plate, options);
    await this.press('enter_code');
    return this.prove(pin, options);
  }

  /** A whole drop from step 1; gives the box. */
  async drop(plate, options) {
    await this.dropUntilOpen(plate, options);
    const box = await this.serve('drop', 'put');
    await this.done('drop');
    return box;
  }

  /** The box that opened, by its number on the screen. */
  async served(step) {
    await this.at(step);
    const box = Number(await this.page.locator('.plate-no').innerText());
    await until(`box ${box} open on the map`, async () => (await this.world.kiosk.screen()).widgets.some((widget) => widget.boxes?.some((one) => one.box_no === box && one.mark === 'here_open')));
    return box;
  }

  /** The box that is served: the key is `put` or `take`n, if anything is done with it, the door shuts, *Confirm*; gives the box. */
  async serve(flow, hand) {
    const box = await this.served(`${flow}.serve`);
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

  /** From the first screen: a code of eight or six digits at *Pick up*. */
  async pickUpBy(code) {
    await this.begin('pick');
    await this.press('by_pin');
    await this.at('pick.pin');
    await this.type(code);
  }

  /** From the first screen: staff open a box by what their authenticator shows, to look what is in it; it is empty. */
  async lookInto(box, code) {
    await this.pickUpBy(code);
    await this.at('staff.reason');
    await this.shoot('staff-reason');
    await this.choose('staff-reason-look');
    await this.press('ok');
    await this.at('staff.box');
    await this.choose('staff-box-number', { box });
    await this.press('ok');
    assert.equal(await this.findEmpty(), box);
  }

  /** Serves a box that is to be looked into, and says that it is empty; gives the box. */
  async findEmpty() {
    const box = await this.serve('pick');
    await this.at('check.settle');
    await this.press('box_empty');
    await this.done('pick');
    return box;
  }

  /** From the first screen to the QR code for staff; gives the digits under it. */
  async showQr(flow) {
    await this.begin(flow);
    await this.press('by_qr');
    await this.at(`${flow}.qr`);
    await until('the QR picture', () => this.page.evaluate(() => document.querySelector('.qr-img')?.naturalWidth > 0));
    return (await this.page.locator('.qr-digits').innerText()).replace(/\D/g, '');
  }
}

const quoted = (text) => text.replace(/["\\]/g, '\\$&');
