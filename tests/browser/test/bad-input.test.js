// What no honest page sends, and what clumsy hands do: refused, counted once, nothing lost.

import assert from 'node:assert/strict';
import { request } from 'node:http';
import { after, test } from 'node:test';
import { Hand, signIn } from '../lib/fast.js';
import { until } from '../lib/kiosk.js';
import { World, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);
const TEXTS = {
  long: 'x'.repeat(4_096),
  arabic: 'مفتاح السيارة رقم ١٢٣',
  chinese: '汽车钥匙一二三',
  emoji: '🔑🚗👩🏽‍🔧',
  markup: '<img src=x onerror=alert(1)>"\'&',
  controls: 'a\u0000b\u0007c\u202Ed\u2028e',
  template: '{{7*7}} ${7*7} %s %n ../../etc',
};

test('touches: old screens, doubled numbers, out of order, garbage', async (t) => {
  const { kiosk } = await World.of(t, await browser());
  const hand = new Hand(kiosk);
  const start = await kiosk.screen();
  const press = (button) => ({ do: 'press', button });
  assert.equal((await hand.send(press('drop_key'))).status, 200);
  const old = await hand.send(press('drop_key'), { generation: start.generation });
  assert.equal(old.status, 409);
  assert.equal(old.json.key, 'locker.old_screen');
  const ahead = await hand.send(press('go'), { generation: '999.999' });
  assert.equal(ahead.status, 409);
  const elsewhere = await hand.send(press('confirm'));
  assert.equal(elsewhere.status, 409);
  assert.equal(elsewhere.json.key, 'locker.not_offered');
  assert.equal((await kiosk.screen()).id, 'drop.welcome', 'nothing of it changed the step');

  await hand.press('go', 'by_pin');
  const generation = (await kiosk.screen()).generation;
  const digit = { do: 'digit', digit: 7 };
  await hand.send(digit, { generation, touch_id: 4_242 });
  await hand.send(digit, { generation, touch_id: 4_242 });
  await hand.send(digit, { touch_id: 4_242 });
  assert.equal((await kiosk.screen()).widgets.find((widget) => widget.widget === 'keypad').typed, 1, 'a doubled touch counts once');
  for (const action of [{ do: 'digit', digit: 10 }, { do: 'digit', digit: 255 }, { do: 'choose', item: 0 }, { do: 'write', text: '1' }, press('yes'), press('more_time')]) {
    assert.equal((await hand.send(action)).status, 409, JSON.stringify(action));
  }
  for (let count = 0; count < 12; count += 1) await hand.send(digit);
  assert.equal((await kiosk.screen()).widgets.find((widget) => widget.widget === 'keypad').typed, 8, 'no more than 8 digits');

  const bodies = ['', '{', 'null', '[]', '"x"', '{"generation":1}', '{"generation":"1.1","touch_id":-1,"action":{"do":"erase"}}', '{"generation":"1.1","touch_id":1,"action":{"do":"open","box":1}}',
    '{"generation":"1.1","touch_id":1,"action":{"do":"erase"},"more":1}', '{"generation":"x","touch_id":1,"action":{"do":"erase"}}', '[['.repeat(2_000), '\u0000\u0001', '{"generation":"1.1","touch_id":1e400,"action":{"do":"erase"}}'];
  for (const body of bodies) {
    const { status, json } = await kiosk.ask('POST', '/api/v1/touch', body);
    assert.equal(status, 400, body.slice(0, 60));
    assert.equal(json.status, 400);
  }
  for (const path of ['/api/v1/cabinet/act', '/api/v1/login']) for (const body of bodies) assert.equal((await kiosk.ask('POST', path, body)).status, 400, `${path}: ${body.slice(0, 60)}`);
  assert.ok([400, 413].includes((await kiosk.ask('POST', '/api/v1/touch', JSON.stringify({ x: 'y'.repeat(20_000) }))).status));
  assert.equal((await kiosk.screen()).id, 'drop.pin');
});

test('texts: 4 kB and scripts of the world in every field of the kiosk', async (t) => {
  const world = await World.of(t, await browser());
  const { kiosk, customer } = world;
  const hand = new Hand(kiosk);
  await customer.page.evaluate(() => { globalThis.alert = () => { throw new Error('a text became a script'); }; });
  const fields = { by_registration: 'drop.registration', by_phone: 'drop.phone' };
  await hand.press('drop_key', 'go');
  for (const [button, step] of Object.entries(fields)) {
    for (const [name, text] of Object.entries(TEXTS)) {
      await hand.press(button);
      const { status } = await hand.send({ do: 'write', text });
      assert.ok([200, 409].includes(status), `${step} ${name}: ${status}`);
      if (name === 'long') assert.equal(status, 409, 'longer than any text is refused');
      await customer.at(step);
      const written = (await kiosk.screen()).widgets.find((widget) => widget.widget === 'entry');
      assert.ok([...written.value].length <= written.chars_max);
      await hand.press('back');
    }
  }
  // Through the page: what is pasted or typed is cut to what the field takes, and looked up as it is.
  await hand.press('by_registration');
  await customer.at('drop.registration');
  await customer.page.locator('#entry').fill(TEXTS.long);
  await until('cut to its length', async () => (await customer.page.locator('#entry').inputValue()).length <= 40);
  await customer.page.locator('#entry').fill(TEXTS.chinese);
  await customer.press('ok');
  await customer.at('drop.no_match');
  await hand.press('back', 'abort', 'yes');

  await hand.dropUntilOpen('1-ABC-123').then(async (box) => {
    await hand.press('abort', 'yes');
    await hand.close(box);
    await hand.at('start');
  });
});

test('texts: a remark in any script reaches the office as it is', async (t) => {
  const world = await World.of(t, await browser());
  const { kiosk, customer } = world;
  const hand = new Hand(kiosk);
  await world.settings({ two_factor: false });
  await hand.press('drop_key', 'go', 'by_registration');
  await hand.do({ do: 'write', text: '1ABC123' });
  await hand.press('ok');
  await hand.at('drop.appointments');
  await customer.press('edit_remark');
  await customer.at('drop.remark');
  await customer.page.locator('#entry').fill(TEXTS.long);
  await until('cut', async () => (await customer.page.locator('#entry').inputValue()).length === 200);
  const remark = `${TEXTS.arabic} ${TEXTS.chinese} ${TEXTS.emoji} ${TEXTS.markup}`;
  await customer.page.locator('#entry').fill(remark);
  await customer.press('ok');
  await customer.at('drop.appointments');
  await customer.page.locator('.row-value', { hasText: TEXTS.chinese }).waitFor();
  await customer.press('next');
  const box = await customer.served('drop.serve');
  await hand.act({ do: 'put', box_no: box, item: TEXTS.emoji });
  await hand.close(box);
  await customer.press('confirm');
  await customer.at('drop.thanks');
  const office = await world.staff('office', 'admin');
  await office.row('1-ABC-123').click();
  await office.page.locator('.remark').waitFor();
  assert.equal(await office.page.locator('.remark').innerText(), remark);
});

test('staff: texts in the log-in, the search and the security code; a lost session asks again and keeps the page', async (t) => {
  const world = await World.of(t, await browser());
  const hand = new Hand(world.kiosk);
  await hand.drop('1-DEF-456');
  for (const text of Object.values(TEXTS)) {
    assert.equal((await world.kiosk.ask('POST', '/api/v1/login', { user: text, password: text })).status, 401);
  }
  const tablet = await world.staff('tablet', 'mechanic');
  for (const text of Object.values(TEXTS)) {
    await tablet.page.getByRole('searchbox').fill(text);
    await tablet.page.getByText('Nothing matches').waitFor();
  }
  await tablet.page.getByRole('searchbox').fill('def');
  await tablet.row('1-DEF-456').waitFor();
  const Cookie = await signIn(world.kiosk, 'reception');
  const visit = (await world.visit('1-DEF-456')).id;
  for (const security_code of ['', 'abcd', TEXTS.arabic, '00002468']) {
    const { status } = await world.kiosk.ask('POST', '/api/v1/tickets', { act: 'pick_up', visit, security_code }, { Cookie });
    assert.ok([403, 409].includes(status), `${security_code}: ${status}`);
  }
  for (const digits of Object.values(TEXTS)) assert.ok([400, 403].includes((await world.kiosk.ask('POST', '/api/v1/scan', { digits }, { Cookie })).status));
  for (const path of ['/api/v1/visits/999999', '/api/v1/visits/-1', '/api/v1/visits/x', '/api/v1/lockers/1/settings', '/nowhere', '/../Cargo.toml']) {
    const { status } = await world.kiosk.ask('GET', path, undefined, { Cookie });
    assert.ok(status >= 400 && status < 500, `${path}: ${status}`);
  }
  const Admin = { Cookie: await signIn(world.kiosk, 'admin') };
  for (const reason of ['', '   ', 'x'.repeat(4096), 'a\u0007b']) {
    for (const path of ['maintenance', 'temporary-pin']) {
      const { status, json } = await world.kiosk.ask('POST', `/api/v1/lockers/1/${path}`, { reason }, Admin);
      assert.ok([400, 409].includes(status) && json.key, `${path}: ${status}`);
    }
  }
  for (const query of ['user=x', 'before=-1', 'box_no=0', 'box_no=999', 'limit=', 'kind=x', 'visit=%F0%9F%98%80']) assert.equal((await world.kiosk.ask('GET', `/api/v1/log?${query}`, undefined, Admin)).status, 400, query);
  assert.equal((await world.kiosk.get('/api/v1/log?limit=0', Admin)).rows.length, 1);
  assert.equal((await world.kiosk.get('/api/v1/lockers', Admin))[0].maintenance, false);
  for (const path of ['/api/v1/visits', '/api/v1/me', '/api/v1/lockers', '/api/v1/office/events', '/api/v1/notices', '/api/v1/log', '/api/v1/users']) assert.equal((await world.kiosk.ask('GET', path)).status, 401, path);

  await tablet.page.context().clearCookies();
  await tablet.row('1-DEF-456').click();
  await tablet.page.getByText('Please log in again').waitFor();
  await tablet.signIn('mechanic');
  await tablet.page.locator('#detail-title', { hasText: '1-DEF-456' }).waitFor();
});

test('foreign pages and names are refused, and so are frames that are too large or no pictures', async (t) => {
  const { kiosk } = await World.of(t, await browser());
  const { host, port, hostname } = new URL(kiosk.url);
  const raw = (method, path, headers, body) => new Promise((done, failed) => {
    const sent = request({ method, hostname, port, path, headers }, (answer) => {
      answer.resume();
      answer.once('end', () => done(answer.statusCode));
    });
    sent.once('error', failed);
    sent.end(body);
  });
  const touch = JSON.stringify({ generation: '1.1', touch_id: 1, action: { do: 'erase' } });
  const ours = { Host: host, 'Content-Type': 'application/json', 'X-Requested-With': 'locker' };
  for (const path of ['/api/v1/screen', '/api/v1/mailbox', '/api/v1/cabinet', '/api/v1/events']) {
    assert.equal(await raw('GET', path, { Host: 'evil.example' }), 403, `${path} by a foreign name`);
    assert.equal(await raw('GET', path, { Host: host, Origin: 'http://evil.example' }), 403, `${path} from a foreign page`);
  }
  for (const Origin of ['http://evil.example', 'null', `https://${host}.evil.example`, 'http://localhost:1']) {
    assert.equal(await raw('POST', '/api/v1/touch', { ...ours, Origin }, touch), 403, `touch from ${Origin}`);
    assert.equal(await raw('POST', '/api/v1/login', { ...ours, Origin }, '{}'), 403, `log-in from ${Origin}`);
  }
  assert.equal(await raw('POST', '/api/v1/login', { Host: host, 'Content-Type': 'application/json' }, '{}'), 403, 'without the header of our pages');

  const frame = (bytes) => kiosk.ask('POST', '/api/v1/decode', bytes, { 'Content-Type': 'image/jpeg' }).then(({ status }) => status, () => 'cut');
  assert.ok([413, 'cut'].includes(await frame(new Uint8Array(1024 * 1024 + 1))));
  assert.equal(await frame(new Uint8Array(0)), 415);
  assert.equal(await frame(new TextEncoder().encode('this is no picture')), 415);
  // The head of a PNG that claims 60,000 by 60,000 pixels.
  const bomb = Buffer.from('89504e470d0a1a0a0000000d494844520000ea600000ea600806000000', 'hex');
  assert.equal(await frame(bomb), 415);
  const noise = new Uint8Array(600_000).map((_, at) => (at * 7919) % 251);
  noise.set([0xff, 0xd8, 0xff, 0xe0]);
  assert.equal(await frame(noise), 415);
  assert.equal((await kiosk.screen()).id, 'start');
});

test('hands: double strikes, a door pulled at rest, a key put into a shut box', async (t) => {
  const world = await World.of(t, await browser());
  const { customer, kiosk } = world;
  const cabinet = await world.cabinet();
  await customer.at('start');
  await customer.page.locator('[data-key="press-drop_key"]').dblclick();
  await customer.at('drop.welcome');
  await customer.press('go');
  await customer.at('drop.method');
  await cabinet.open(5);
  await cabinet.page.getByText('Box 5 is latched').first().waitFor();
  assert.equal((await kiosk.box(5)).open, false);
  assert.equal((await kiosk.ask('POST', '/api/v1/cabinet/act', { do: 'put', box_no: 5, item: 'key' })).status, 409);
  for (const box_no of [0, 17, 256, -1, 'x']) assert.ok((await kiosk.ask('POST', '/api/v1/cabinet/act', { do: 'open', box_no })).status >= 400);
});
