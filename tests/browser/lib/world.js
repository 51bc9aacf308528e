// One kiosk with everybody around it: a customer at the screen, hands at the cabinet, staff with tablet and office.

import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { describe } from 'node:test';
import { chromium } from 'playwright-core';
import { look } from './axe.js';
import { LOCALES } from './catalogue.js';
import { Customer } from './customer.js';
import { Hand, signIn } from './fast.js';
import { Kiosk, until } from './kiosk.js';
import { Staff } from './staff.js';

const CHROMIUM = process.env.CHROMIUM_BIN ?? ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);
const WAIT_MS = 10_000;

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

/** The tests that `walk(locale)` makes for each language. A walk is mostly waiting for doors and look-ups, so several go on at once. */
export function inEachLanguage(walk, { atOnce = 2 } = {}) {
  describe('in each language', { concurrency: atOnce }, () => {
    for (const locale of LOCALES) walk(locale);
  });
}

export class World {
  /**
   * Starts a kiosk for a test. It is stopped in order and its journal is checked when the test is over. Everybody in this world reads `locale`;
   * `first` is the screen that a session begins at and ends with.
   */
  static async of(t, browser, { size = { width: 1280, height: 800 }, journal = true, config, first = 'start', locale = 'en' } = {}) {
    const world = new World();
    world.browser = browser;
    world.size = size;
    world.locale = locale;
    world.first = first;
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
    world.hand = new Hand(world.kiosk, locale);
    world.customer = new Customer(await world.open('/kiosk?sound=0'), world);
    // A second after its start a kiosk knows its doors. Who touches just then touches an older screen, which does not count.
    await until('the doors known', async () => !(await world.kiosk.screen()).generation.endsWith('.0'));
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

/** Hands at the simulated cabinet. */
export class Cabinet {
  constructor(page, world) {
    this.page = page;
    this.world = world;
  }

  /** The key in an open box, or the place for one. */
  #inside(box) {
    return this.page.locator('.cell', { has: this.door(box) }).locator('[data-key="hook"]');
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
    await this.#inside(box).click();
    await until(`a key in box ${box}`, async () => (await this.world.kiosk.box(box)).items.length === 1);
  }

  async take(box) {
    await this.isOpen(box);
    // The page may not show the key yet; until it does, the place in the box is there to put one in.
    await this.#inside(box).and(this.page.locator(':not(.hook-empty)')).click();
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
