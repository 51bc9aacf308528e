// A key is dropped by somebody who sees nothing: the numeric keypad and what is said are all there is.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { until } from '../lib/kiosk.js';
import { World, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);

/** The keys of the keypad by what they are called when they are spoken of. */
const CODES = { Confirm: 'NumpadEnter', Stop: 'NumpadSubtract', Help: 'NumpadAdd', Repeat: 'NumpadMultiply' };
/** Two strikes of one key within half a second count once (UX-6). */
const REST_MS = 550;

class Listener {
  constructor(page) {
    this.page = page;
  }

  async strike(key) {
    await this.page.waitForTimeout(REST_MS);
    await this.page.keyboard.press(CODES[key] ?? `Numpad${key}`);
  }

  /** Waits until something is said, and gives the line. */
  async hears(words) {
    let line;
    await until(`hearing ${words}`, async () => {
      const said = (await this.page.locator('#announce').textContent()).split('\n');
      line = said.find((text) => words.test(text));
      return line !== undefined;
    });
    return line;
  }

  /** Strikes the key that was said to do this. */
  async does(words) {
    const line = await this.hears(words);
    await this.strike(/^\d(?=:)/.exec(line)?.[0] ?? /^(\w+) key:/.exec(line)?.[1]);
  }
}

test('ux_06 ux_07: a key is dropped by the numeric keypad alone, with the screen blank', async (t) => {
  const world = await World.of(t, await browser());
  const cabinet = await world.cabinet();
  const { page } = world.customer;
  await page.evaluate(() => { document.body.style.visibility = 'hidden'; });
  const somebody = new Listener(page);
  // The first strike wakes the voice and does nothing else.
  await somebody.strike('5');
  await somebody.does(/Drop a key/);
  await somebody.does(/Confirm key: Go/);
  await somebody.does(/Registration number/);
  await somebody.hears(/first the row, then the letter/);
  for (const [row, letter] of [['1', /1$/], ['2', /A$/], ['2', /B$/], ['2', /C$/], ['1', /1$/], ['2', /2$/], ['3', /3$/]]) {
    await somebody.strike(row);
    await somebody.does(new RegExp(`^\\d: .*${letter.source}`));
  }
  await somebody.hears(/7 characters typed/);
  await somebody.strike('Confirm');
  await somebody.does(/Confirm key: Send/);
  await somebody.hears(/Confirm key: Type the code/);
  const letter = await (await world.mailbox()).newest();
  const pin = /\b\d{6}\b/.exec(letter)[0];
  await somebody.strike('Confirm');
  await somebody.hears(/digit keys/);
  for (const digit of pin) await somebody.strike(digit);
  const typed = await somebody.hears(/6 digits typed/);
  assert.match(typed, /^Star\./, 'a digit is a star (UX-7)');
  await somebody.strike('Confirm');
  await somebody.hears(/With headphones/);
  assert.doesNotMatch(await page.locator('#announce').textContent(), /Jane|@|ABC/, 'nothing personal is said without a headset (UX-12)');
  await somebody.strike('Confirm');
  await somebody.hears(/Step 3/);
  await somebody.strike('Confirm');
  const box = Number(/\d+/.exec(await somebody.hears(/^Box \d+/))[0]);
  await cabinet.isOpen(box);
  await cabinet.put(box);
  await cabinet.close(box);
  await somebody.does(/Confirm key: Confirm/);
  await world.keyIs('1-ABC-123', 'box', box);
  await somebody.does(/Confirm key: Done/);
  await until('the start screen', async () => (await world.kiosk.screen('bottom')).id === 'start');
});
