// Sends touches one after another, each with a number of its own, and repeats a touch that got no answer with the
// same number: the locker counts it once.

import { ask, Problem, Unreachable } from './api.js';

/** A touch that could not be sent for this long is dropped: the person may be gone. */
const TOUCH_MS_MAX = 15_000;
const RETRY_MS = 400;

export class Touches {
  #queue = [];
  #busy = false;
  #next;

  /** @param on `{ screen(screen), refused(problem), link(up) }` */
  constructor(on) {
    this.on = on;
    const random = crypto.getRandomValues(new Uint32Array(2));
    // Below 2^52, so that adding one is exact.
    this.#next = (random[0] % 2 ** 20) * 2 ** 32 + random[1];
  }

  get pending() {
    return this.#queue.map((touch) => touch.action);
  }

  /** Takes a touch made on `screen`. A text that was not sent yet gives way to the newer one. */
  push(action, screen) {
    const last = this.#queue.at(-1);
    if (action.do === 'write' && last?.action.do === 'write' && !last.sent && last.step === screen.id) {
      last.action = action;
      return;
    }
    this.#queue.push({ touch_id: this.#next += 1, action, generation: screen.generation, step: screen.id,
      overlay: screen.overlay?.id, box: boxOf(screen), at: performance.now(), sent: false, again: false });
    this.#run();
  }

  /** Forgets what was not sent yet. */
  drop() {
    this.#queue = this.#queue.filter((touch) => touch.sent);
  }

  /** The screen shown now, so that typing on the same step is not lost to a newer generation. */
  seen(screen) {
    this.now = screen;
  }

  async #run() {
    if (this.#busy) return;
    this.#busy = true;
    while (this.#queue.length) {
      const touch = this.#queue[0];
      touch.sent = true;
      this.#rebase(touch);
      const { touch_id, generation, action } = touch;
      try {
        const screen = await this.#hand(generation, touch_id, action);
        this.#queue.shift();
        this.on.link(true);
        this.on.screen(screen);
      } catch (error) {
        await this.#failed(touch, error);
      }
    }
    this.#busy = false;
  }

  /** A key of the keypad goes as it is: what it does is the locker's to say. */
  #hand(generation, touch_id, action) {
    const { key, headset } = action;
    return action.do === 'key' ? ask('POST', '/api/v1/keys', { generation, touch_id, key, headset }, { timeout: 4_000 })
      : ask('POST', '/api/v1/touch', { generation, touch_id, action }, { timeout: 4_000 });
  }

  async #failed(touch, error) {
    if (error instanceof Unreachable && performance.now() - touch.at < TOUCH_MS_MAX) {
      this.on.link(false);
      await new Promise((done) => setTimeout(done, RETRY_MS));
      return;
    }
    const old = error instanceof Problem && error.status === 409 && lasting(touch.action) && !touch.again;
    if (old) {
      touch.again = true;
      await this.on.refused(error);
      if (this.#same(touch)) return;
    }
    this.#queue.shift();
    if (!old) await this.on.refused(error);
  }

  /** Typing, and *Confirm* of one box, mean the same on the same step, whatever its generation; other buttons do not. */
  #rebase(touch) {
    if (lasting(touch.action) && this.#same(touch)) touch.generation = this.now.generation;
  }

  #same(touch) {
    return this.now?.id === touch.step && this.now.overlay?.id === touch.overlay && boxOf(this.now) === touch.box;
  }
}

const boxOf = (screen) => screen.widgets.find((widget) => widget.widget === 'box_number')?.box_no;
/** A door that closes by itself while *Confirm* is under way must not swallow it: the person would leave. */
const lasting = (action) => typing(action) || (action.do === 'press' && action.button === 'confirm');
const typing = (action) => ['digit', 'erase', 'write'].includes(action.do) || (action.do === 'press' && ['ok', 'show'].includes(action.button));
