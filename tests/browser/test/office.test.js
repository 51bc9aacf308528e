// What a dealer admin does at the office: erases, reads the log, begins maintenance; and what the office is told.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { after, test } from 'node:test';
import { look } from '../lib/axe.js';
import { Hand, signIn } from '../lib/fast.js';
import { until } from '../lib/kiosk.js';
import { shoot } from '../lib/shots.js';
import { SECURITY_CODE } from '../lib/staff.js';
import { World, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);
const PLATE = '1-ABC-123';
const OMAR = '1-DEF-456';
/** What is personal of Omar's work order. */
const TRACE = /^.*(1-DEF-456|Omar|o•••@|Example Deliveries|Fleet Sample|White van).*$/m;

const whole = (page) => page.evaluate(() => document.body.innerText);

test('safe_05: a dealer admin erases a work order whose key is back, and nobody else can', async (t) => {
  const world = await World.of(t, await browser());
  const hand = new Hand(world.kiosk);
  const { box_no, pin } = await hand.handIn(OMAR, SECURITY_CODE);
  const office = await world.staff('office', 'admin');
  await office.row(OMAR).click();
  await office.page.locator('#detail-title', { hasText: OMAR }).waitFor();
  const id = (await world.visit(OMAR)).id;
  const erase = async () => {
    await office.button('Erase personal data …').click();
    await office.page.locator('dialog').getByText('Destroyed for good').waitFor();
    await office.button('Erase for good').click();
  };
  // The key waits for its customer: nothing happens, and the dialog says why.
  await erase();
  await office.page.locator('dialog .error', { hasText: /key/i }).waitFor();
  await look(office.page, 'office: erase refused');
  await office.button('Cancel').click();
  assert.equal((await world.page(OMAR)).driver.name, 'Omar Example');

  await hand.press('pick_up_key', 'go', 'by_pin');
  await hand.type(pin);
  await hand.opened();
  await hand.act({ do: 'take', box_no });
  await hand.close(box_no);
  await hand.press('confirm');
  await world.keyIs(OMAR, 'customer');
  const before = await whole(office.page);
  for (const word of [OMAR, 'Omar Example', 'Example Deliveries', 'White van']) assert.ok(before.includes(word), word);
  await erase();
  await office.page.locator('dialog').getByText('It is being erased').waitFor();
  await shoot(office.page, 'office-erase');
  await look(office.page, 'office: erased');
  await office.page.locator('dialog [data-key="close"]').click();
  await office.page.locator('#detail-title', { hasText: 'erased' }).waitFor();
  await until('no trace on the page', async () => !TRACE.test(await whole(office.page))).catch(async () => assert.fail(TRACE.exec(await whole(office.page))[0]));
  await office.page.locator('.timeline').getByText('Picked up by the customer').waitFor();
  assert.equal(await office.button('Erase personal data …').count(), 0);
  const everything = JSON.stringify(await Promise.all(['/api/v1/visits', `/api/v1/visits/${id}`, '/api/v1/log?limit=200', '/api/v1/lockers', '/api/v1/notices'].map((path) => world.kiosk.get(path, { Cookie: world.cookie }))));
  assert.doesNotMatch(everything, TRACE);
  // The journal is whole, and a restart brings nothing back.
  await world.kiosk.stop();
  await world.kiosk.verify();
  world.ended = true;
});

test('safe_05: without the right there is no button, and the interface refuses', async (t) => {
  const world = await World.of(t, await browser());
  const office = await world.staff('office', 'reception');
  await office.row(PLATE).click();
  await office.page.locator('#detail-title', { hasText: PLATE }).waitFor();
  assert.equal(await office.button('Erase personal data …').count(), 0);
  for (const name of ['Activity log', 'People']) assert.equal(await office.page.getByRole('heading', { name }).count(), 0);
  assert.equal(await office.button('Maintenance').count(), 0);
  const cookies = (await office.page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const { status, json } = await world.kiosk.ask('POST', `/api/v1/visits/${(await world.visit(PLATE)).id}/erase`, {}, { Cookie: cookies });
  assert.deepEqual([status, json.key], [403, 'office.not_dealer_admin']);
});

test('safe_05: somebody who has left is erased, somebody who is active is not', async (t) => {
  const world = await World.of(t, await browser());
  await world.kiosk.import({ users: [{ login: 'boss', name: 'Bo Boss', role: 'dealer_admin', password: 'demo' }] });
  const office = await world.staff('office', 'boss');
  const row = (name) => office.page.locator('.people-list li', { hasText: name });
  await row('Max Mechanic').getByText('no longer active').waitFor();
  assert.equal(await row('Bo Boss').getByRole('button').count(), 0);
  await row('Max Mechanic').getByRole('button', { name: 'Erase personal data …' }).click();
  await office.page.locator('dialog').getByText('answers for a key').waitFor();
  await look(office.page, 'office: somebody is to be erased');
  await office.button('Erase for good').click();
  await office.page.locator('dialog').getByText('It is being erased').waitFor();
  await office.page.locator('dialog [data-key="close"]').click();
  await row('Max Mechanic').waitFor({ state: 'detached' });
  await row('–').waitFor();
  assert.equal(await row('–').getByRole('button').count(), 0);
});

test('office_08: the activity log in pages, by person, work order and box, in four languages', async (t) => {
  const world = await World.of(t, await browser());
  const hand = new Hand(world.kiosk);
  const box = await hand.drop(PLATE);
  await hand.drop('1-DEF-456');
  // More than a page.
  for (let n = 0; n < 15; n += 1) await world.settings({ two_factor: n % 2 > 0 });
  const office = await world.staff('office', 'admin');
  await office.page.locator('summary', { hasText: 'Activity log' }).click();
  const rows = office.page.locator('.table tbody tr');
  await rows.filter({ hasText: 'Key dropped' }).nth(1).waitFor();
  await look(office.page, 'office: activity log');
  assert.equal(await rows.count(), 25);
  await office.button('Show older ones').click();
  await until('older ones', async () => (await rows.count()) > 25);
  assert.match(await rows.last().innerText(), /The office was started|User entered|Location|Settings/);

  await office.page.locator('[data-key="log-box_no"]').selectOption({ label: `Box ${box}` });
  await until('one box', async () => (await rows.allInnerTexts()).every((text) => text.includes(`Box ${box}`)));
  assert.ok((await rows.allInnerTexts()).some((text) => /Key dropped/.test(text) && text.includes(PLATE)));
  await office.page.locator('[data-key="log-box_no"]').selectOption({ label: 'all' });
  await office.page.locator('[data-key="log-user"]').selectOption({ label: 'Ada Admin' });
  await until('one person', async () => {
    const names = await office.page.locator('.table tbody td:nth-child(2)').allInnerTexts();
    return names.length > 0 && new Set(names).size === 1 && names[0] !== '—';
  });
  await office.row('1-DEF-456').click();
  await office.button('Activity log of this work order').click();
  await until('one work order', async () => {
    const texts = await rows.allInnerTexts();
    return texts.length > 0 && texts.every((text) => text.includes('1-DEF-456'));
  });
  await shoot(office.page, 'office-log');
  // What happens now comes by itself, and every kind of row has words.
  await hand.press('help', 'call_help', 'close_help');
  await office.page.locator('[data-key="log-visit"]').selectOption({ label: 'all' });
  await rows.filter({ hasText: 'Help called' }).waitFor();
  for (const [lang, words] of [['fr', 'Aide demandée'], ['nl', 'Hulp gevraagd'], ['de', 'Hilfe gerufen']]) {
    await office.page.locator('[data-key="language"]').selectOption(lang);
    await rows.filter({ hasText: words }).waitFor();
    assert.doesNotMatch((await rows.allInnerTexts()).join(' '), /\b[a-z]+[._][a-z]+[._a-z]*\b/, 'words, no ids');
    await look(office.page, `office: activity log in ${lang}`);
  }
  const WORDS = await office.page.evaluate(async () => (await import('/logwords.js')).WORDS);
  const golden = JSON.parse(await readFile(new URL('../../../locker-core/tests/golden/office-v1.views.json', import.meta.url), 'utf8'));
  const kinds = [...new Set(golden.activity.map((row) => row.kind))];
  assert.ok(kinds.length > 25);
  for (const kind of kinds) assert.equal(WORDS[kind]?.filter(Boolean).length, 4, kind);
});

test('box_06: maintenance is begun with a reason and ended, and a forced door is news only without it', async (t) => {
  const world = await World.of(t, await browser());
  const hand = new Hand(world.kiosk);
  const office = await world.staff('office', 'admin');
  await office.button('Maintenance').click();
  await office.page.getByLabel('Reason').fill('New hinge on box 3');
  await look(office.page, 'office: maintenance');
  await office.button('Begin maintenance').click();
  await office.page.getByText('doors opened by hand raise no alarm now').waitFor();
  await hand.act({ do: 'pry', box_no: 3 });
  await office.page.locator('.box.is-check', { hasText: '3' }).first().waitFor();
  assert.equal(await office.page.getByText('A door was opened without a command').count(), 0);
  await hand.close(3);
  await office.button('End maintenance').click();
  await office.button('Maintenance').waitFor();
  await hand.act({ do: 'pry', box_no: 5 });
  await office.page.locator('.told').getByText('A door was opened without a command').waitFor();
  await look(office.page, 'office: news');
  await hand.close(5);
  await office.page.locator('summary', { hasText: 'Activity log' }).click();
  for (const words of ['Maintenance began', 'Maintenance ended', 'Door opened without a command']) await office.page.locator('.table tr', { hasText: words }).first().waitFor();
});

test('code_09: the office is told when codes of staff pause', async (t) => {
  const world = await World.of(t, await browser());
  const hand = new Hand(world.kiosk);
  const office = await world.staff('office', 'reception');
  for (let n = 1; n <= 5; n += 1) {
    await hand.press('pick_up_key', 'go', 'by_pin');
    await hand.type('90090090');
    if (n === 5) await world.customer.page.locator('#kiosk').getByText(/minutes/).first().waitFor();
    await hand.press('abort', 'yes');
  }
  await office.page.locator('.told').getByText('Codes of staff were paused').waitFor();
  await office.page.locator('.error', { hasText: 'Codes of staff are paused until' }).waitFor();
  await look(office.page, 'office: codes of staff paused');
  const [locker] = await world.kiosk.get('/api/v1/lockers', { Cookie: await signIn(world.kiosk, 'admin') });
  assert.equal(locker.code_lock_until, null, 'customers type on');
});

test('log-in: after five wrong passwords the page says for how long to wait, and others log in', async (t) => {
  const world = await World.of(t, await browser());
  const page = await world.open('/office');
  await page.getByLabel('User name').fill('reception');
  for (let n = 1; n <= 6; n += 1) {
    await page.getByLabel('Password').fill('wrong');
    const answered = page.waitForResponse('**/api/v1/login');
    await page.getByRole('button', { name: 'Log in' }).click();
    assert.equal((await answered).status(), n < 6 ? 401 : 429);
  }
  await page.getByText(/Too many passwords did not match.*In \d+ s/).waitFor();
  await look(page, 'office: log-in waits');
  await world.staff('office', 'admin');
});
