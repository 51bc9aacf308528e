// A member of staff at the office or the tablet, in the language of their world: controls are found by what they do, words are
// asked of the page's own texts.

import assert from 'node:assert/strict';
import { look } from './axe.js';
import { part } from './catalogue.js';

export const SECURITY_CODE = '2468';

export class Staff {
  constructor(page, world, kind) {
    this.page = page;
    this.world = world;
    this.kind = kind;
  }

  async signIn(login, password = 'demo') {
    const { locale } = this.world;
    await this.page.locator('[data-key="language"]').selectOption(locale);
    await this.page.waitForFunction((lang) => document.documentElement.lang === lang, locale);
    await look(this.page, `${this.kind}: log-in`);
    await (await this.field('user')).fill(login);
    await (await this.field('password')).fill(password);
    await this.press('sign-in');
    if (password === 'demo') await this.page.locator('.sign-in').waitFor({ state: 'detached' });
  }

  /** A text of the page in the language that it shows, by its key. */
  text(key, values) {
    return this.page.evaluate(([name, filled]) => import('/strings.js').then(({ t }) => t(name, filled)), [key, values]);
  }

  /** The name of a step of the kiosk, as the page says it. */
  step(id) {
    return this.page.evaluate((name) => import('/strings.js').then(({ stepWords }) => stepWords(name)), id);
  }

  /** Waits until this text stands on the page, or in a part of it. */
  async reads(key, values, within = this.page) {
    await within.getByText(await this.text(key, values)).first().waitFor();
  }

  /** A part of the page names these buttons of the kiosk as they are labelled there. */
  async names(list, ...buttons) {
    const text = await this.page.locator(list).innerText();
    for (const id of buttons) assert.match(text, part(this.world.locale, id));
  }

  /** A field, by its label. */
  async field(key) {
    return this.page.getByLabel(await this.text(key));
  }

  row(plate) {
    return this.page.locator('.visit', { hasText: plate });
  }

  /** A button by its label: for tests in English. */
  button(label) {
    return this.page.getByRole('button', { name: label, exact: true });
  }

  control(key) {
    return this.page.locator(`[data-key="${key}"]`);
  }

  async press(key) {
    await this.control(key).click();
  }

  /** Does what a dialog asks about. */
  async goOn() {
    await this.page.locator('dialog .act-primary').click();
  }

  /** Opens a work order. */
  async open(plate) {
    const title = this.page.locator('#detail-title', { hasText: plate });
    if (!await title.isVisible()) await this.row(plate).click();
    await title.waitFor();
  }

  /** Opens a work order and asks for the ticket to `pick-up` or `drop` its key, for this contact where one gets the PIN. */
  async askTicket(plate, act = 'pick-up', { contact, code = SECURITY_CODE } = {}) {
    await this.open(plate);
    await look(this.page, `${this.kind}: work order`);
    await this.press(act);
    if (contact) await this.page.getByRole('radio', { name: contact }).check();
    await (await this.field('securityCode')).fill(code);
    await look(this.page, `${this.kind}: security code, ${act}`);
    await this.goOn();
  }

  async ticket(...wish) {
    await this.askTicket(...wish);
    await this.page.locator('#ticket').waitFor();
  }

  /** Types the digits under the kiosk's QR code. */
  async typeDigits(digits) {
    await (await this.field('digits')).fill(digits);
    await this.page.locator('#ticket form button').click();
  }

  async scan(digits) {
    await this.typeDigits(digits);
    await this.page.locator('#result').waitFor();
  }
}
