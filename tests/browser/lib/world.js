// One kiosk with everybody around it: a customer at the screen, hands at the cabinet, staff with tablet and office.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { look } from './axe.js';
import { signIn } from './fast.js';
import { Kiosk, until } from './kiosk.js';

export { signIn };

const CHROMIUM = process.env.CHROMIUM_BIN ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const WAIT_MS = 10_000;
export const SECURITY_CODE = '2468';

/** A browser of Debian; `camera` is a video that its camera shows. */
export function browse({ camera } = {}) {
  const video = camera ? ['--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${camera}`] : [];
  return chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu', '--mute-audio', ...video] });
}

/** A browser for all the tests of a file; ended after the last. */
export function sharedBrowser(after) {
  let started;
  after(async () => (await started)?.close());
  return () => (started ??= browse());
}

export class World {
  /** Starts a kiosk for a test. It is stopped in order and its journal is checked when the test is over. */
  static async of(t, browser, { size = { width: 1280, height: 800 }, journal = true, config, first = 'start' } = {}) {
    const world = new World();
    world.browser = browser;
    world.size = size;
    world.contexts = [];
    world.kiosk = await Kiosk.start(config);
    t.after(async () => {
      for (const context of world.contexts) await context.close().catch(() => {});
      try {
        if (!world.ended) await world.kiosk.stop();
        if (journal) await world.kiosk.verify();
      } finally {
        await world.kiosk.remove();
      }
    });
    world.customer = new Customer(await world.open('/kiosk?sound=0'), world);
    await world.customer.at(first);
    return world;
  }

  /** A page in a window of its own: pages behind another one are drawn once a second only. Its errors fail the test. */
  async open(path, { size = this.size, browser = this.browser } = {}) {
    const context = await browser.newContext({ viewport: size, locale: 'en-GB', reducedMotion: 'reduce' });
    this.contexts.push(context);
    context.setDefaultTimeout(WAIT_MS);
    const page = await context.newPage();
    page.on('pageerror', (error) => { throw error; });
    await page.goto(this.kiosk.url + path);
    return page;
  }

  async cabinet() {
    return (this.hands ??= new Cabinet(await this.open('/cabinet'), this));
  }

  async mailbox() {
    return (this.letters ??= new Mailbox(await this.open('/mailbox'), this));
  }

  /** A member of staff at a page of their own: `office` or `tablet`. */
  async staff(page, login, { browser = this.browser } = {}) {
    const size = page === 'tablet' ? { width: 800, height: 1100 } : { width: 1280, height: 900 };
    const staff = new Staff(await this.open(`/${page}`, { size, browser }), this, page);
    await staff.signIn(login);
    return staff;
  }

  /** The visit with this registration, as the office's program interface tells it. */
  async visit(plate) {
    this.cookie ??= await signIn(this.kiosk, 'admin');
    const visits = await this.kiosk.get('/api/v1/visits', { Cookie: this.cookie });
    return visits.find((visit) => visit.plate === plate);
  }

  async page(plate) {
    const { id } = await this.visit(plate);
    return this.kiosk.get(`/api/v1/visits/${id}`, { Cookie: this.cookie });
  }

  /** Checks where a key is, by the office's own list. */
  async keyIs(plate, kind, box) {
    const { custody } = await until(`the key of ${plate}: ${kind}`, async () => {
      const visit = await this.visit(plate);
      return visit.custody.kind === kind && visit;
    });
    assert.equal(custody.box_no ?? undefined, box);
    return custody;
  }

  async settings(change) {
    this.cookie ??= await signIn(this.kiosk, 'admin');
    const { status } = await this.kiosk.ask('PUT', '/api/v1/lockers/1/settings', change, { Cookie: this.cookie });
    assert.equal(status, 200);
  }
}

/** Somebody at the bottom screen. */
export class Customer {
  constructor(page, world) {
    this.page = page;
    this.world = world;
  }

  /** Waits for a step; every screen seen for the first time is looked at for faults. */
  async at(step, { overlay } = {}) {
    await this.page.locator(`#kiosk[data-step="${step}"]`).waitFor().catch(async () => {
      const { id, generation, lines, notice, overlay } = await this.world.kiosk.screen();
      const now = { id, generation, lines: lines.map(({ text }) => text), notice: notice?.text.text, overlay: overlay?.id };
      assert.fail(`${step} never came; the kiosk shows ${JSON.stringify(now)}`);
    });
    const panel = this.page.locator('#overlay .panel');
    if (overlay) await this.page.locator(`#overlay .panel-${overlay}`).waitFor();
    else await panel.waitFor({ state: 'detached' });
    await look(this.page, [step, overlay].filter(Boolean).join(' + '), { kiosk: true });
  }

  /** Touches buttons by what they do, in whatever language. */
  async press(...names) {
    for (const name of names) await this.page.locator(`[data-key="press-${name}"]`).click();
  }

  button(label) {
    return this.page.getByRole('button', { name: label, exact: true });
  }

  async touch(...labels) {
    for (const label of labels) await this.button(label).click();
  }

  /** Types a code on the keypad, masked, and hands it over. */
  async type(code) {
    for (const digit of code) await this.page.locator(`[data-key="digit-${digit}"]`).click();
    await until('the digits, masked', async () => (await this.page.locator('.slot-full').count()) === code.length);
    await this.press('ok');
  }

  /** Writes with the keys on the screen. */
  async write(text) {
    for (const letter of text) await this.page.locator(`[data-key="char-${CSS(letter)}"]`).click();
    assert.equal(await this.page.locator('#entry').inputValue(), text);
  }

  text() {
    return this.page.locator('#kiosk').innerText();
  }

  /** From the start screen to step 1. */
  async begin(flow = 'Drop a key') {
    await this.at('start');
    await this.touch(flow);
    await this.at(flow === 'Drop a key' ? 'drop.welcome' : 'pick.welcome');
    await this.touch('Go');
    await this.at(flow === 'Drop a key' ? 'drop.method' : 'pick.method');
  }

  /** By registration to a PIN that lies in the mailbox; gives the PIN. */
  async codeByRegistration(plate, contact) {
    await this.touch('Registration number');
    await this.at('drop.registration');
    await this.write(plate);
    await this.touch('OK');
    await this.at('drop.contact');
    if (contact) await this.page.getByRole('radio').filter({ hasText: contact }).click();
    const mailbox = await this.world.mailbox();
    const before = await mailbox.count();
    await this.touch('Send');
    await this.at('drop.sent');
    return mailbox.pin(before);
  }

  /** From the PIN entry through steps 2 and 3 to an open box; gives its number. */
  async proveAndOpen(pin, { steps = () => {} } = {}) {
    await this.at('drop.pin');
    await this.type(pin);
    await this.at('drop.driver');
    await steps('drop.driver');
    await this.touch('Next');
    await this.at('drop.appointments');
    await steps('drop.appointments');
    await this.touch('That is right');
    return this.served('drop.serve');
  }

  /** The box that opened, by its number on the screen. */
  async served(step) {
    await this.at(step);
    const box = Number(await this.page.locator('.plate-no').innerText());
    await until(`box ${box} open on the map`, async () => (await this.world.kiosk.screen()).widgets.some((widget) => widget.boxes?.some((one) => one.box_no === box && one.mark === 'here_open')));
    return box;
  }
}

const CSS = (text) => text.replace(/["\\]/g, '\\$&');

/** Hands at the simulated cabinet. */
export class Cabinet {
  constructor(page, world) {
    this.page = page;
    this.world = world;
  }

  door(box) {
    return this.page.locator(`[data-key="door-${box}"]`);
  }

  async isOpen(box, open = true) {
    await this.page.locator(`[data-key="door-${box}"][aria-expanded="${open}"]`).waitFor();
    assert.equal((await this.world.kiosk.box(box)).open, open);
  }

  /** Puts a key in an open box, through the page. */
  async put(box) {
    await this.isOpen(box);
    await this.page.getByRole('button', { name: `Put a key in, Box ${box}`, exact: true }).click();
    await until(`a key in box ${box}`, async () => (await this.world.kiosk.box(box)).items.length === 1);
  }

  async take(box) {
    await this.isOpen(box);
    // The page may not show the key yet; until it does, the place in the box is there to put one in.
    await this.page.locator('.cell', { has: this.door(box) }).getByRole('button', { name: /^Take/ }).click();
    await until(`no key in box ${box}`, async () => (await this.world.kiosk.box(box)).items.length === 0);
  }

  /** Pushes a door shut; while the lock's pulse lasts it springs open again, as a real one does. */
  async close(box) {
    await until(`box ${box} shut`, async () => {
      if ((await this.world.kiosk.box(box)).open) await this.door(box).click();
      await new Promise((done) => setTimeout(done, 150));
      return !(await this.world.kiosk.box(box)).open;
    });
    await this.isOpen(box, false);
  }

  async open(box) {
    await this.door(box).click();
  }
}

/** The messages that would have gone out. */
export class Mailbox {
  constructor(page, world) {
    this.page = page;
    this.world = world;
  }

  async count() {
    return (await this.world.kiosk.get('/api/v1/mailbox')).length;
  }

  /** The PIN in the newest message, read off the page; waits for one more than `before`. */
  async pin(before = 0) {
    await until('a message', async () => (await this.count()) > before);
    await until('the message on the page', async () => (await this.page.locator('article').count()) > before);
    await look(this.page, 'mailbox');
    const body = await this.page.locator('article pre').first().innerText();
    const [pin] = /\b\d{6}\b/.exec(body) ?? [];
    assert.ok(pin, `no PIN in: ${body.replace(/\d/g, '#')}`);
    return pin;
  }

  newest() {
    return this.page.locator('article').first().innerText();
  }
}

/** A member of staff at the office or the tablet. */
export class Staff {
  constructor(page, world, kind) {
    this.page = page;
    this.world = world;
    this.kind = kind;
  }

  async signIn(login, password = 'demo') {
    await look(this.page, `${this.kind}: log-in`);
    await this.page.getByLabel('User name').fill(login);
    await this.page.getByLabel('Password').fill(password);
    await this.page.getByRole('button', { name: 'Log in' }).click();
    if (password === 'demo') await this.page.locator('.sign-in').waitFor({ state: 'detached' });
  }

  row(plate) {
    return this.page.locator('.visit', { hasText: plate });
  }

  button(label) {
    return this.page.getByRole('button', { name: label, exact: true });
  }

  /** Opens a work order and asks for the ticket that its key can be picked up with. */
  async ticket(plate, code = SECURITY_CODE) {
    if (!await this.page.locator('#detail-title', { hasText: plate }).isVisible()) await this.row(plate).click();
    await this.page.locator('#detail-title', { hasText: plate }).waitFor();
    await look(this.page, `${this.kind}: work order`);
    await this.button('Pick up this key').click();
    await this.page.getByLabel('Security code').fill(code);
    await look(this.page, `${this.kind}: security code`);
    await this.button('Continue').click();
  }
}
