// Every screen that a test reaches is looked at once by axe-core and by rules of our own.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

/** What axe-core finds wrong with a page, one line each; `only` names the rules to ask, instead of all. */
export async function violations(page, only) {
  // Evaluated by the debugger, so that the page's content policy stays as it is.
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(source);
  // Nothing is fetched again for rules that are not asked: media, and style sheets for an experimental one.
  const runOnly = only ? { type: 'rule', values: only } : { type: 'tag', values: RULES };
  const found = await page.evaluate((asked) => globalThis.axe.run(document, { runOnly: asked, resultTypes: ['violations'], preload: false }), runOnly);
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html.slice(0, 160)}: ${node.failureSummary.replace(/\s+/g, ' ')}`));
}

/** What is cut off, lies outside its place, or lies over something else on the bottom screen. */
export function layoutFaults(page) {
  return page.evaluate(() => {
    const faults = [];
    const root = document.getElementById('kiosk');
    const name = (element) => element.dataset.key ?? (element.id || element.className.toString());
    const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && !element.closest('.vh') && element.getBoundingClientRect().width > 1;
    const over = !document.getElementById('overlay').hidden;
    const area = over ? '#overlay, #bar' : '#head, #stage, #bar, #band';
    const all = (list) => [...root.querySelectorAll(list)].filter((element) => seen(element) && element.closest(area));
    const buttons = all('button, .field');
    const texts = all('h1, h2, .line, .notice, .plate, .row-value, .row-label, .choice-label, .choice-detail, .qr-digits, .qr-img, .map svg, .panel-lines p, #locker span, .progress-text, #count, .steps li span');
    for (const element of [...buttons, ...texts]) {
      const box = element.getBoundingClientRect();
      if (box.left < -1 || box.top < -1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1) faults.push(`${name(element)} lies outside the screen`);
      const inline = getComputedStyle(element).display === 'inline';
      if (!inline && !(element instanceof SVGElement) && !element.matches('.field') && (element.scrollWidth > element.clientWidth + 2 || element.scrollHeight > element.clientHeight + 2) && getComputedStyle(element).overflow !== 'visible') faults.push(`${name(element)} is cut: ${element.textContent.slice(0, 40)}`);
    }
    for (const element of buttons.filter((button) => button.matches('.btn, .lang, .tool'))) {
      for (const label of element.querySelectorAll('span')) {
        const own = element.getBoundingClientRect();
        const text = label.getBoundingClientRect();
        if (text.left < own.left - 1 || text.right > own.right + 1 || text.top < own.top - 1 || text.bottom > own.bottom + 1) faults.push(`the label of ${name(element)} leaves its button`);
      }
    }
    const [row, keyboard] = ['.field-row', '.keyboard'].map((list) => root.querySelector(list)?.getBoundingClientRect());
    if (row && keyboard && keyboard.top - row.bottom < 3) faults.push('the keyboard touches the field');
    const solid = [...buttons, ...texts].filter((element) => !element.matches('.steps li span, .field'));
    for (const [at, one] of solid.entries()) {
      for (const other of solid.slice(at + 1)) {
        if (one.contains(other) || other.contains(one)) continue;
        const a = one.getBoundingClientRect();
        const b = other.getBoundingClientRect();
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 3 && high > 3) faults.push(`${name(one)} lies over ${name(other)}`);
      }
    }
    return faults;
  });
}

const looked = new Set();
export const counted = { screens: new Set(), runs: 0 };

/** Looks at a page once per state; `state` names it. */
export async function look(page, state, { kiosk = false } = {}) {
  const size = page.viewportSize();
  const name = `${state} at ${size.width}x${size.height}`;
  if (looked.has(name)) return;
  looked.add(name);
  counted.screens.add(state);
  counted.runs += 1;
  const faults = [...await violations(page), ...kiosk ? await layoutFaults(page) : []];
  assert.deepEqual(faults, [], name);
}
