// Every screen that the rules can show, in every language, drawn by the page on displays of many sizes: what is measured
// and what axe-core finds. The screens come from the rules themselves (`lib/stage.js`).

import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { after, test } from 'node:test';
import { layoutFaults, violations } from '../lib/axe.js';
import { onDisplays, screens } from '../lib/stage.js';
import { sharedBrowser } from '../lib/world.js';

const browser = sharedBrowser(after);

/** The displays that the page is made for (docs/guides/kiosk.md), with the greatest distance from which each is read. */
const DISPLAYS = [
  { what: '24 inch, upright', size: [1080, 1920], dpi: 92, distance: 600 },
  { what: '15.7 inch', size: [1280, 800], dpi: 96, distance: 600 },
  { what: '9.8 inch', size: [800, 480], dpi: 96, distance: 400 },
  { what: '15.6 inch', size: [1920, 1080], dpi: 141, distance: 600 },
  { what: '15.6 inch, upright', size: [1080, 1920], dpi: 141, distance: 600 },
  { what: '10.1 inch', size: [1280, 800], dpi: 149, distance: 400 },
  { what: '9.8 inch, upright', size: [480, 800], dpi: 96, distance: 300 },
];
/** 0.7 degrees: a capital of 7.3 mm is read from 600 mm. */
const CAPITAL_MM = 7.3;
const READ_FROM_MM = 600;
const TOUCH_MM = 20;
const LETTER_MM = 12;
/** A tenth of a millimetre is less than a pixel. */
const HAIR_MM = 0.05;
/** What a theme can change; all else is looked at once. */
const THEMED = ['color-contrast', 'link-in-text-block'];

function tooSmall({ touch, text }, distance) {
  const capital = CAPITAL_MM * distance / READ_FROM_MM;
  return [
    ...touch.filter(({ letter, field, width, height }) => Math.min(width, height) < (letter || field ? LETTER_MM : TOUCH_MM) - HAIR_MM)
      .map(({ name, width, height }) => `${name} is ${width.toFixed(1)} mm by ${height.toFixed(1)} mm`),
    ...text.filter(({ of, capital: mm }) => of === 'use' && mm < capital)
      .map(({ name, words, capital: mm }) => `${name}, "${words}", has capitals of ${mm.toFixed(2)} mm, not ${capital.toFixed(2)}`),
  ];
}

test('ux_03 ux_04 ux_16: on every screen, in four languages, on seven displays, keys and type have their millimetres and nothing is cut', { timeout: 900_000 }, async (t) => {
  const all = await screens();
  const faults = [];
  const least = { touch: Infinity, letter: Infinity, capital: Infinity };
  let measured = 0;
  await onDisplays(await browser(), DISPLAYS, async (stage) => {
    for (const view of all) {
      await stage.show(view);
      const sizes = await stage.sizes();
      assert.ok(sizes.text.length > 0, `${view.name} is drawn`);
      const found = [...tooSmall(sizes, stage.distance), ...await layoutFaults(stage.page), ...await stage.gave()];
      faults.push(...found.map((fault) => `${view.name} in ${view.locale} on ${stage.name}: ${fault}`));
      for (const { letter, field, width, height } of sizes.touch) {
        const kind = letter ? 'letter' : 'touch';
        if (!field) least[kind] = Math.min(least[kind], width, height);
      }
      for (const { of, capital } of sizes.text) if (of === 'use') least.capital = Math.min(least.capital, capital * READ_FROM_MM / stage.distance);
      measured += sizes.touch.length + sizes.text.length;
    }
  });
  t.diagnostic(`${all.length} screens on ${DISPLAYS.length} displays, ${measured} sizes; least: keys ${least.touch.toFixed(1)} mm, letters ${least.letter.toFixed(1)} mm, capitals ${least.capital.toFixed(2)} mm for ${READ_FROM_MM} mm`);
  assert.deepEqual(faults, []);
});

test('ux_04: on a display too small for the rules the page says that it gave way', async () => {
  // What lies over a step hides it from being measured.
  const all = (await screens()).filter(({ locale, screen }) => locale === 'de' && !screen.overlay);
  let gave = 0;
  await onDisplays(await browser(), [{ size: [800, 480], dpi: 133, distance: 600 }], async (stage) => {
    for (const view of all) {
      await stage.show(view);
      const faults = tooSmall(await stage.sizes(), stage.distance);
      const said = await stage.gave();
      assert.equal(faults.length > 0, said.length > 0, `${view.name}: ${faults[0] ?? 'nothing'} is too small, the page says ${said}`);
      gave += said.length;
    }
  });
  assert.ok(gave > 0, '7 inches cannot be read from 600 mm');
});

test('ux_05: axe-core finds nothing on any screen in four languages, light and dark, at three sizes', { timeout: 900_000 }, async (t) => {
  const all = await screens();
  const faults = [];
  let looks = 0;
  await onDisplays(await browser(), DISPLAYS.slice(0, 3), async (stage) => {
    for (const view of all) {
      await stage.show(view);
      for (const [theme, rules] of [['light'], ['dark', THEMED]]) {
        await stage.theme(theme);
        const found = await violations(stage.page, rules);
        looks += 1;
        faults.push(...found.map((fault) => `${view.name} in ${view.locale} on ${stage.name}, ${theme}: ${fault}`));
      }
    }
  });
  t.diagnostic(`${looks} looks`);
  assert.deepEqual(faults, []);
});

/** Three flashes a second are the most there may be: a change and its way back take at least this long. */
const FLASH_MS = 1000 / 3;

test('ux_20: nothing that moves by itself comes round more than three times a second, in any style sheet', async () => {
  const folder = new URL('../../../examples/kiosk/web/', import.meta.url);
  const sheets = (await readdir(folder)).filter((file) => file.endsWith('.css'));
  const page = await (await browser()).newPage();
  const moves = [];
  for (const file of sheets) {
    moves.push(...await page.evaluate(({ file: name, text }) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(text);
      const found = [];
      const look = (rules) => {
        for (const rule of rules) {
          if (rule.cssRules?.length) look(rule.cssRules);
          const names = (rule.style?.animationName ?? '').split(',').map((word) => word.trim());
          const times = (rule.style?.animationDuration ?? '').split(',').map((time) => parseFloat(time) * (time.trim().endsWith('ms') ? 1 : 1000));
          names.forEach((animation, at) => {
            if (animation && !['none', 'initial'].includes(animation)) found.push({ name, rule: rule.selectorText, ms: times[at % times.length] });
          });
        }
      };
      look(sheet.cssRules);
      return found;
    }, { file, text: await readFile(new URL(file, folder), 'utf8') }));
  }
  await page.close();
  assert.ok(moves.length >= 3, `${moves.length} animations are found`);
  assert.deepEqual(moves.filter(({ ms }) => !(ms >= FLASH_MS)), []);
});

test('ux_20: no screen needs a movement: with less motion asked for nothing moves, and each says the same', async () => {
  const all = (await screens()).filter(({ locale }) => locale === 'en');
  const seen = { 'no-preference': [], reduce: [] };
  const displays = Object.keys(seen).map((motion) => ({ size: [1280, 800], motion }));
  let moved = 0;
  await onDisplays(await browser(), displays, async (stage) => {
    for (const view of all) {
      await stage.show(view);
      const { running, text } = await stage.page.evaluate(() => {
        // What counts down by itself does so on both.
        for (const element of document.querySelectorAll('[data-count="number"], [data-count="text"]')) element.textContent = 'n';
        return { running: document.getAnimations().map(({ effect }) => effect.getComputedTiming().duration), text: document.getElementById('kiosk').innerText };
      });
      seen[stage.motion].push(`${view.name}: ${text}`);
      if (stage.motion === 'reduce') assert.deepEqual(running, [], view.name);
      for (const ms of running) assert.ok(ms >= FLASH_MS, `${view.name} moves every ${ms} ms`);
      moved += running.length;
    }
  });
  assert.ok(moved > 0, 'with motion allowed, the waits move');
  assert.deepEqual(seen.reduce, seen['no-preference']);
});

test('ux_20: what counts down only goes down, a step at a time', async () => {
  const [view] = (await screens()).filter(({ name, locale }) => name === 'drop.registration, still there' && locale === 'en');
  await onDisplays(await browser(), [{ size: [1280, 800] }], async (stage) => {
    await stage.show(view);
    const seen = await stage.page.evaluate(async () => {
      const states = [];
      const end = performance.now() + 2_500;
      while (performance.now() < end) {
        await new Promise(requestAnimationFrame);
        states.push([Number(document.querySelector('.ring-text').textContent), Number(document.querySelector('.ring').style.getPropertyValue('--part'))]);
      }
      return states;
    });
    assert.ok(seen.length > 2);
    assert.ok(seen.at(-1)[0] < seen[0][0] && seen.at(-1)[1] < seen[0][1], 'it counts');
    for (const [at, [seconds, part]] of seen.entries()) if (at) assert.ok(seconds <= seen[at - 1][0] && part <= seen[at - 1][1], `frame ${at}`);
  });
});
