// The page of the bottom screen without a kiosk behind it: it draws the screens that `tests/tests/browser.rs` wrote off
// the rules themselves, every state in every language, at once. The flows through a real kiosk are tests of their own.

import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname } from 'node:path';

const WEB = new URL('../../../examples/kiosk/web/', import.meta.url);
const KINDS = { '.html': 'text/html; charset=utf-8', '.css': 'text/css', '.js': 'text/javascript', '.svg': 'image/svg+xml' };
/** Stands for the QR code: its picture comes from the kiosk. */
const QR = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 33 33"><path d="M0 0h33v33H0zM4 4h7v7H4z" fill-rule="evenodd"/></svg>';

/** Every screen: `{ name, locale, screen }`. */
export async function screens() {
  const file = process.env.SCREENS;
  assert.ok(file, 'SCREENS names no file; `cargo test -p locker-tests --test browser every_screen -- --nocapture` writes one and says where');
  return JSON.parse(await readFile(file, 'utf8'));
}

/** Serves the page's files as they are in the source. */
export async function serve() {
  const server = createServer(async (request, answer) => {
    const { pathname } = new URL(request.url, 'http://localhost');
    const file = pathname === '/kiosk' ? 'kiosk.html' : pathname.slice(1);
    const text = pathname === '/api/v1/qr.svg' ? QR : await readFile(new URL(file, WEB)).catch(() => null);
    const kind = pathname === '/api/v1/qr.svg' ? KINDS['.svg'] : KINDS[extname(file)];
    answer.writeHead(text === null ? 404 : 200, { 'Content-Type': kind ?? 'text/plain', 'Cache-Control': 'no-store' }).end(text ?? '');
  });
  await new Promise((done) => { server.listen(0, '127.0.0.1', done); });
  return { url: `http://127.0.0.1:${server.address().port}`, end: () => new Promise((done) => { server.close(done); server.closeAllConnections(); }) };
}

/** Runs work on every display, two at a time: each has a process of its own, and the build server two cores. */
export async function onDisplays(browser, displays, work) {
  const site = await serve();
  const waiting = [...displays];
  const run = async () => {
    for (let display = waiting.shift(); display; display = waiting.shift()) {
      const stage = await Stage.open(browser, site.url, display);
      await work(stage);
      await stage.context.close();
    }
  };
  try {
    await Promise.all([run(), run()]);
  } finally {
    await site.end();
  }
}

/** Stands in for the kiosk's events: the test says which screen comes next. */
function fakeEvents() {
  let source;
  let version = 0;
  globalThis.EventSource = class extends EventTarget {
    constructor() { super(); source = this; }

    close() {}
  };
  // The page listens in a module, which runs after this.
  globalThis.showScreen = (screen) => {
    source.onopen?.();
    version += 1;
    source.dispatchEvent(new MessageEvent('screen', { data: JSON.stringify({ ...screen, version, generation: `1.${version}` }) }));
  };
}

/** A display: its pixels, its dots per inch, and from how far it is read. */
export class Stage {
  static async open(browser, url, { size: [width, height], dpi = 96, distance = 600, motion = 'reduce' }) {
    const stage = new Stage();
    Object.assign(stage, { dpi, distance, motion, name: `${width}x${height} at ${dpi} dpi` });
    stage.context = await browser.newContext({ viewport: { width, height }, locale: 'en-GB', reducedMotion: motion });
    stage.page = await stage.context.newPage();
    stage.errors = [];
    stage.page.on('pageerror', (error) => stage.errors.push(String(error)));
    await stage.page.addInitScript(fakeEvents);
    await stage.page.goto(`${url}/kiosk?sound=0&dpi=${dpi}&distance=${distance}`);
    await stage.page.waitForFunction(() => 'showScreen' in globalThis && document.readyState === 'complete');
    return stage;
  }

  async show({ name, locale, screen }) {
    await this.page.evaluate((view) => {
      const stay = document.getElementById('kiosk');
      // Each is drawn as if the page had just come to it.
      globalThis.showScreen({ ...view, id: 'start', overlay: null, widgets: [], buttons: [], lines: [], notice: null });
      globalThis.showScreen(view);
      return stay.dataset.step;
    }, screen);
    assert.deepEqual(this.errors, [], `${name} in ${locale}`);
  }

  /** What the page itself had to make smaller than the rules want, because the display does not hold it. */
  gave() {
    return this.page.evaluate(() => [...document.querySelectorAll('[data-gave]')].map((part) => `${part.id} gave way to ${part.dataset.gave}`));
  }

  theme(name) {
    return this.page.evaluate((value) => { document.documentElement.dataset.theme = value; }, name);
  }

  /** What can be touched and what is to be read, in millimetres: measured on the page, not asked of it. */
  sizes() {
    return this.page.evaluate((dpi) => {
      const mm = dpi / devicePixelRatio / 25.4;
      const root = document.getElementById('kiosk');
      const over = !document.getElementById('overlay').hidden;
      const area = over ? '#overlay, #bar' : '#head, #stage, #bar, #band';
      const seen = (element) => element.checkVisibility({ visibilityProperty: true, opacityProperty: true }) && element.closest(area) && !element.closest('.vh, [inert]');
      const name = (element) => element.dataset?.key ?? (element.id || element.className?.toString() || element.tagName);
      const touch = [...root.querySelectorAll('button, input, textarea')].filter(seen).map((element) => {
        const { width, height } = element.getBoundingClientRect();
        return { name: name(element), letter: Boolean(element.closest('.keyboard:not(.keyboard-phone)')), field: element.matches('input, textarea'), width: width / mm, height: height / mm };
      });
      const canvas = new OffscreenCanvas(1, 1).getContext('2d');
      const capital = (element) => {
        const { fontStyle, fontWeight, fontSize, fontFamily } = getComputedStyle(element);
        // At a size where rounding to pixels does not matter.
        canvas.font = `${fontStyle} ${fontWeight} 1000px ${fontFamily}`;
        return canvas.measureText('H').actualBoundingBoxAscent / 1000 * parseFloat(fontSize) / mm;
      };
      const text = [];
      const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
      while (nodes.nextNode()) {
        const element = nodes.currentNode.parentElement;
        const words = nodes.currentNode.textContent.trim();
        const box = element.getBoundingClientRect();
        if (words && seen(element) && box.width > 1.5 && box.height > 1.5) text.push({ name: name(element.closest('[data-key], [class], [id]')), words, of: element.closest('.map, #locker, .field-count') ? 'aside' : 'use', capital: capital(element) });
      }
      for (const field of root.querySelectorAll('input, textarea')) if (seen(field)) text.push({ name: 'entry', words: field.value, of: 'use', capital: capital(field) });
      return { touch, text };
    }, this.dpi);
  }
}
