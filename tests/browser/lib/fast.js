// The same steps by the program interface alone: prepares what a test is not about, and sends what no page would.

import assert from 'node:assert/strict';
import { until } from './kiosk.js';

/** Logs a tablet in; gives its cookie. */
export async function signIn(kiosk, user) {
  const { status, headers } = await kiosk.ask('POST', '/api/v1/login', { user, password: 'demo' });
  assert.equal(status, 200);
  return headers.get('set-cookie').split(';')[0];
}

export class Hand {
  #touch = Math.floor(Math.random() * 2 ** 40);

  /** @param locale the language that is chosen before a flow begins */
  constructor(kiosk, locale = 'en') {
    this.kiosk = kiosk;
    this.locale = locale;
  }

  /** Sends one touch on the screen shown now, or on `generation`. */
  async send(action, { generation, touch_id = this.#touch += 1 } = {}) {
    generation ??= (await this.kiosk.screen()).generation;
    return this.kiosk.ask('POST', '/api/v1/touch', { generation, touch_id, action });
  }

  /** Sends it once more when the screen has moved on by itself in between. */
  async do(action) {
    for (let left = 3; ; left -= 1) {
      const { status, json } = await this.send(action);
      if (status === 409 && left > 0) continue;
      assert.equal(status, 200, JSON.stringify(json));
      return json;
    }
  }

  async press(...buttons) {
    for (const button of buttons) await this.do({ do: 'press', button });
  }

  /** From the start to step 1 and on. */
  async begin(flow, ...buttons) {
    if (this.locale !== 'en') await this.do({ do: 'language', locale: this.locale });
    await this.press(flow, 'go', ...buttons);
  }

  async type(digits) {
    for (const digit of digits) await this.do({ do: 'digit', digit: Number(digit) });
    await this.press('ok');
  }

  at(id) {
    return until(`screen ${id}`, async () => {
      const screen = await this.kiosk.screen();
      return screen.id === id && screen;
    });
  }

  async act(body) {
    const { status, json } = await this.kiosk.ask('POST', '/api/v1/cabinet/act', body);
    assert.equal(status, 200, JSON.stringify(json));
  }

  /** Pushes a door shut; while the lock's pulse lasts it springs open again. */
  close(box_no) {
    return until(`box ${box_no} shut`, async () => {
      await this.act({ do: 'close', box_no });
      await new Promise((done) => setTimeout(done, 150));
      return !(await this.kiosk.box(box_no)).open;
    });
  }

  /** From the start to an open box. */
  async dropUntilOpen(plate) {
    const before = (await this.kiosk.get('/api/v1/mailbox')).length;
    await this.begin('drop_key', 'by_registration');
    await this.do({ do: 'write', text: plate });
    await this.press('ok');
    await this.at('drop.contact');
    await this.press('send');
    await this.at('drop.sent');
    const letters = await until('a letter', async () => {
      const all = await this.kiosk.get('/api/v1/mailbox');
      return all.length > before && all;
    });
    const newest = letters.reduce((one, other) => (other.id > one.id ? other : one));
    const [pin] = /\b\d{6}\b/.exec(newest.body);
    await this.press('enter_code');
    await this.type(pin);
    await this.at('drop.driver');
    await this.press('next', 'next');
    return this.opened();
  }

  async opened() {
    const screen = await until('an open box', async () => {
      const now = await this.kiosk.screen();
      return now.widgets.some((widget) => widget.boxes?.some((box) => box.mark === 'here_open')) && now;
    });
    return screen.widgets.find((widget) => widget.widget === 'box_number').box_no;
  }

  /** Staff put the key of a visit in for its customer; gives the box and the PIN that goes to the first contact. */
  async handIn(plate, security_code) {
    const { kiosk } = this;
    const headers = { Cookie: await signIn(kiosk, 'reception') };
    const staff = async (path, body) => {
      const { status, json } = await kiosk.ask('POST', path, body, headers);
      assert.equal(status, 200, JSON.stringify(json));
    };
    const visit = (await kiosk.get('/api/v1/visits', headers)).find((one) => one.plate === plate).id;
    await staff('/api/v1/tickets', { act: 'drop', visit, to: { contact: 'driver', index: 0 }, security_code });
    await this.begin('drop_key', 'by_qr');
    const { widgets } = await this.at('drop.qr');
    const before = (await kiosk.get('/api/v1/mailbox')).length;
    await staff('/api/v1/scan', { digits: widgets.find((widget) => widget.digits).digits.replace(/\D/g, '') });
    const box_no = await this.opened();
    await this.act({ do: 'put', box_no, item: 'key' });
    await this.close(box_no);
    await this.press('confirm');
    await this.at('drop.thanks');
    await this.press('done');
    const letters = await until('the PIN', async () => {
      const all = await kiosk.get('/api/v1/mailbox');
      return all.length > before && all;
    });
    const newest = letters.reduce((one, other) => (other.id > one.id ? other : one));
    return { box_no, pin: /\b\d{6}\b/.exec(newest.body)[0] };
  }

  /** A whole drop; gives the box. */
  async drop(plate) {
    const box_no = await this.dropUntilOpen(plate);
    await this.act({ do: 'put', box_no, item: 'key' });
    await this.close(box_no);
    await this.press('confirm');
    await this.at('drop.thanks');
    await this.press('done');
    await this.at('start');
    return box_no;
  }
}
