// A key is dropped by somebody who sees nothing: the numeric keypad and what is said are all there is.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { LANGUAGES, pattern } from '../lib/catalogue.js';
import { until } from '../lib/kiosk.js';
import { World, inEachLanguage, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);

/** The keys of the keypad by what they do. */
const CODES = { confirm: 'NumpadEnter' };
/** Two strikes of one key within half a second count once (UX-6). */
const REST_MS = 550;

class Listener {
  constructor(page, locale) {
    this.page = page;
    this.locale = locale;
  }

  async strike(key) {
    await this.page.waitForTimeout(REST_MS);
    await this.page.keyboard.press(CODES[key] ?? `Numpad${key}`);
  }

  /** Waits until a line is heard that is one of these expressions, and gives what it matched. */
  async #heard(what, ...sources) {
    let match;
    await until(`hearing ${what}`, async () => {
      const said = (await this.page.locator('#announce').textContent()).split('\n');
      match = said.flatMap((line) => sources.map((source) => new RegExp(`^${source}$`).exec(line))).find(Boolean);
      return match !== undefined;
    });
    return match;
  }

  /** Waits until this text is said; gives what was filled in. */
  async hears(id, args) {
    return (await this.#heard(id, pattern(this.locale, id, args))).slice(1);
  }

  /** Strikes the key that was said to do this: a digit, or *Confirm*. */
  async #does(name, what) {
    const keys = [pattern(this.locale, 'keys-digit', { digit: '(?<digit>\\d)', what }), pattern(this.locale, 'keys-confirm', { what })];
    const { groups } = await this.#heard(name, ...keys);
    await this.strike(groups?.digit ?? 'confirm');
  }

  does(id) {
    return this.#does(id, pattern(this.locale, id));
  }

  /** Strikes the key that was said to stand for these words, a letter or the name of a language. */
  types(words) {
    return this.#does(words, words);
  }
}

inEachLanguage((locale) => {
  test(`ux_06 ux_07: a key is dropped by the numeric keypad alone, with the screen blank, in ${locale}`, async (t) => {
    const world = await World.of(t, await browser(), { locale });
    const cabinet = await world.cabinet();
    const { page } = world.customer;
    await page.evaluate(() => { document.body.style.visibility = 'hidden'; });
    const somebody = new Listener(page, 'en');
    // The first strike wakes the voice and does nothing else.
    await somebody.strike('5');
    if (locale !== 'en') {
      await somebody.types(LANGUAGES[locale]);
      somebody.locale = locale;
    }
    await somebody.does('start-drop');
    await somebody.does('welcome-go');
    await somebody.does('method-registration');
    await somebody.hears('keys-type-letters');
    for (const [row, letter] of [['1', '1'], ['2', 'A'], ['2', 'B'], ['2', 'C'], ['1', '1'], ['2', '2'], ['3', '3']]) {
      await somebody.strike(row);
      await somebody.types(letter);
    }
    await somebody.hears('keys-entered', { count: '7' });
    await somebody.strike('confirm');
    await somebody.does('send');
    await somebody.hears('keys-confirm', { what: pattern(locale, 'enter-code') });
    const letter = await (await world.mailbox()).newest();
    const pin = /\b\d{6}\b/.exec(letter)[0];
    await somebody.strike('confirm');
    await somebody.hears('keys-type-digits');
    for (const digit of pin) await somebody.strike(digit);
    // A digit is a star (UX-7).
    await somebody.hears('keys-typed', { typed: '6' });
    await somebody.strike('confirm');
    await somebody.hears('keys-private');
    assert.doesNotMatch(await page.locator('#announce').textContent(), /Jane|@|ABC/, 'nothing personal is said without a headset (UX-12)');
    await somebody.strike('confirm');
    await somebody.hears('keys-progress', { step: '3', of: '\\d' });
    await somebody.strike('confirm');
    const box = Number((await somebody.hears('keys-box', { box: '(\\d+)' }))[0]);
    await cabinet.isOpen(box);
    await cabinet.put(box);
    await cabinet.close(box);
    await somebody.does('serve-confirm');
    await world.keyIs('1-ABC-123', 'box', box);
    await somebody.does('thanks-done');
    await until('the start screen', async () => (await world.kiosk.screen('bottom')).id === 'start');
  });
}, { atOnce: 4 });
