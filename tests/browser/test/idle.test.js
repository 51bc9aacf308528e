// Time as it is: tests that wait for real minutes, all of them at once.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { World, inEachLanguage, sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);

inEachLanguage((locale) => {
  test(`time_01: step 1 untouched: a warning at 40 s that any touch takes away, back to the welcome screen at 60 s, in ${locale}`, async (t) => {
    const world = await World.of(t, await browser(), { locale });
    const { customer } = world;
    const top = await world.open('/top');
    await customer.begin();
    await customer.press('by_registration');
    await customer.at('drop.registration');
    await customer.write('1AB');
    const untouched = performance.now();
    const passed = () => (performance.now() - untouched) / 1000;
    await customer.page.locator('#overlay .panel-still_there').waitFor({ timeout: 45_000 });
    assert.ok(passed() > 38 && passed() < 43, `warned after ${passed()} s`);
    const left = Number(await customer.page.locator('.ring-text').innerText());
    assert.ok(left >= 17 && left <= 20, `${left} s are counted down`);
    await customer.at('drop.registration', { overlay: 'still_there' });
    await customer.reads('still-title');
    // It says what will be lost (UX-2).
    await customer.reads('still-lose');
    await customer.shoot('still-there');
    assert.doesNotMatch(await top.locator('#top').innerText(), /1AB/);
    await customer.page.locator('#kiosk[data-step="drop.welcome"]').waitFor({ timeout: 25_000 });
    assert.ok(passed() > 58 && passed() < 63, `back after ${passed()} s`);
    // The session is over, and its language with it (START-3); nothing of the last person is left (START-6).
    await customer.at('drop.welcome', { locale: 'en' });
    await customer.page.locator(`[data-key="lang-${locale}"]`).click();
    await customer.at('drop.welcome');
    await customer.press('go');
    await customer.at('drop.method');
    await customer.press('by_registration');
    await customer.at('drop.registration');
    assert.equal(await customer.page.locator('#entry').inputValue(), '');
  });

  test(`time_01 ux_01: *I need more time* keeps the step, in ${locale}`, async (t) => {
    const { customer } = await World.of(t, await browser(), { locale });
    await customer.begin('pick');
    await customer.page.locator('#overlay .panel-still_there').waitFor({ timeout: 45_000 });
    await customer.at('pick.method', { overlay: 'still_there' });
    await customer.press('more_time');
    await customer.at('pick.method');
  });
}, { atOnce: 8 });
