// Time as it is: the only tests that wait for real minutes.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { look } from '../lib/axe.js';
import { World, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);

test('time_01: step 1 untouched: a warning at 40 s that any touch takes away, back to the welcome screen at 60 s', async (t) => {
  const world = await World.of(t, await browser());
  const { customer } = world;
  const top = await world.open('/top');
  await customer.begin();
  await customer.touch('Registration number');
  await customer.at('drop.registration');
  await customer.write('1AB');
  const untouched = performance.now();
  const passed = () => (performance.now() - untouched) / 1000;
  const warning = customer.page.locator('#overlay .panel-still_there');
  await warning.waitFor({ timeout: 45_000 });
  assert.ok(passed() > 38 && passed() < 43, `warned after ${passed()} s`);
  assert.match(await warning.innerText(), /Are you still there\?/);
  assert.match(await warning.innerText(), /will be cleared/, 'it says what will be lost (UX-2)');
  const left = Number(await customer.page.locator('.ring-text').innerText());
  assert.ok(left >= 17 && left <= 20, `${left} s are counted down`);
  await look(customer.page, 'still there', { kiosk: true });
  assert.doesNotMatch(await top.locator('#top').innerText(), /1AB/);
  await customer.page.locator('#kiosk[data-step="drop.welcome"]').waitFor({ timeout: 25_000 });
  assert.ok(passed() > 58 && passed() < 63, `back after ${passed()} s`);
  await customer.touch('Go');
  await customer.at('drop.method');
  await customer.touch('Registration number');
  await customer.at('drop.registration');
  assert.equal(await customer.page.locator('#entry').inputValue(), '', 'nothing of the last person is left (START-6)');
});

test('time_01 ux_01: *I need more time* keeps the step', async (t) => {
  const { customer } = await World.of(t, await browser());
  await customer.begin('Pick up a key');
  await customer.page.locator('#overlay .panel-still_there').waitFor({ timeout: 45_000 });
  await customer.touch('I need more time');
  await customer.at('pick.method');
});
