// The bottom screen: draws whatever screen the locker sends and hands back touches. It holds no rule of the locker.

import { ask, listen, linkLine, Problem } from './api.js';
import { attr, byId, h, param, put } from './dom.js';
import { art, icon } from './icons.js';
import { Entry } from './entry.js';
import * as keypad from './keypad.js';
import { carries, fit, fitLabels, holds, measure } from './fit.js';
import { again, hush, play, speak, speakKey } from './sound.js';
import { Touches } from './touches.js';
import { builders, button, turnButton } from './widgets.js';
import { word } from './words.js';

/** Events of the same generation wait this long after a touch was answered, so that digits never jump back. */
const SETTLE_MS = 150;
/** A press and the click that the browser makes of it are one. */
const CLICK_MS = 1_000;
const START = new Set(['drop_key', 'pick_up_key']);
const METHODS = new Set(['by_pin', 'by_registration', 'by_phone', 'by_qr']);
const SETTLING = new Set(['box_empty', 'key_stays', 'key_taken', 'something_else']);

const root = byId('kiosk');
const state = { screen: null, drawn: '', deadline: 0, pages: {}, rows: {}, size: null, answered: 0, held: null, acting: null };
let live = [];

if (param('theme')) document.documentElement.dataset.theme = param('theme');

const lost = linkLine(byId('status'), () => word(state.screen?.locale ?? 'en', 'lost'));
const touches = new Touches({
  screen: (screen) => { state.answered = performance.now(); accept(screen, true); },
  refused: () => redraw(),
  link: lost,
});
const entry = new Entry((text) => send({ do: 'write', text }), () => state.screen.locale);

listen('/api/v1/events?surface=bottom', { screen: (screen) => accept(screen) }, (up) => {
  if (up) state.fresh = true;
  lost(up);
});

async function redraw() {
  try {
    accept(await ask('GET', '/api/v1/screen?surface=bottom'), true);
  } catch (error) {
    if (!(error instanceof Problem)) lost(false);
  }
}

// ---- taking screens ------------------------------------------------------------------------------------------

function accept(screen, answer = false) {
  if (!screen) return;
  const now = state.screen;
  // An answer and an event may cross on the way: the older one is old news. A new boot counts anew.
  if (!state.fresh && state.newest && order(screen, state.newest) < 0) return;
  state.newest = { generation: screen.generation, version: screen.version };
  state.fresh = false;
  clearTimeout(state.held);
  const wait = SETTLE_MS - (performance.now() - state.answered);
  if (!answer && now?.generation === screen.generation && now.id === screen.id && wait > 0) {
    state.held = setTimeout(() => show(screen), wait);
    return;
  }
  show(screen);
}

const order = (one, other) => {
  const boot = (screen) => Number(screen.generation.split('.')[0]);
  return boot(one) - boot(other) || one.version - other.version;
};

function show(screen) {
  const before = state.screen;
  state.screen = screen;
  touches.seen(screen);
  state.deadline = screen.remaining ? performance.now() + screen.remaining.left_ms : 0;
  const shape = JSON.stringify(screen, (key, value) => (VOLATILE.has(key) ? undefined : value));
  const typing = screen.widgets.find((widget) => widget.widget === 'entry');
  if (typing) entry.begin(screen.id, typing); else entry.end();
  if (shape !== state.drawn) {
    state.drawn = shape;
    draw(screen, before);
  }
  if (typing && !touches.pending.some((action) => action.do === 'write')) entry.settle(typing.value);
  refresh();
  tick();
  if (screen.id === 'start' && before && before.id !== 'start') keypad.rest();
  keypad.hear();
}

/** What changes without changing the step: drawn in place, so that no key is replaced under a finger. */
const VOLATILE = new Set(['shown', 'typed', 'revealed', 'value', 'remaining', 'enabled', 'on', 'chosen', 'generation', 'version', 'args']);

/** The screen as it will be when the touches under way have arrived: digits show at once. */
function refresh() {
  const screen = { ...state.screen, widgets: state.screen.widgets.map((widget) => ({ ...widget })) };
  const pad = screen.widgets.find((widget) => widget.widget === 'keypad');
  if (pad) for (const action of touches.pending) echo(pad, action);
  for (const redrawPart of live) redrawPart(screen);
}

function echo(pad, action) {
  const shown = [...pad.shown];
  if (action.do === 'digit' && pad.typed < pad.digits_max) shown.push(pad.revealed ? String(action.digit) : '•');
  if (action.do === 'erase') shown.pop();
  pad.shown = shown.join('');
  pad.typed = shown.length;
}

// ---- drawing -------------------------------------------------------------------------------------------------

function draw(screen, before) {
  const step = before?.id !== screen.id;
  if (step) state.pages = {};
  // The next person sees nothing of the last.
  if (screen.id === 'start') state.rows = {};
  live = [];
  // One thing at a time: where a registration and a code are asked for, first the one, then the other.
  const has = (name) => screen.widgets.some(({ widget }) => widget === name);
  const pair = has('keypad') && has('entry') ? state.pages.pair ?? 'entry' : null;
  const kind = pair === 'entry' ? 'entry' : kindOf(screen);
  const ctx = { screen, locale: screen.locale, live, paged: [], pages: state.pages, rows: state.rows, entry, pair, turn, act: (action) => send(action), digit, erase };
  const focused = document.activeElement?.dataset?.key;
  document.documentElement.lang = screen.locale;
  document.title = `${screen.title.text} – ${screen.locker}`;
  root.dataset.kind = kind;
  root.dataset.step = screen.id;
  drawHead(screen);
  drawStage(screen, kind, ctx);
  drawBar(screen, ctx);
  drawOverlay(screen, ctx);
  refresh();
  // The words of the countdown take room too.
  tick();
  layout(ctx);
  greet(screen, before, focused, step);
}

/** Turns to the other half of a pair of questions. */
function turn(to) {
  state.pages.pair = to;
  state.drawn = '';
  show(state.screen);
}

function kindOf({ widgets, buttons }) {
  const has = (...names) => widgets.some((widget) => names.includes(widget.widget));
  if (has('keypad')) return 'pad';
  if (has('entry')) return 'entry';
  if (has('qr')) return 'qr';
  if (has('map', 'box_number')) return 'serve';
  if (has('choices')) return 'choices';
  if (has('list')) return 'list';
  if (has('steps')) return 'steps';
  if (has('busy')) return 'busy';
  if (buttons.some((view) => START.has(view.press))) return 'start';
  if (buttons.some((view) => METHODS.has(view.press))) return 'menu';
  if (buttons.some((view) => SETTLING.has(view.press))) return 'menu';
  return 'plain';
}

function drawHead({ locker, progress, locale, band }) {
  put(byId('locker'), icon('key', 'icon brand'), h('span', null, locker));
  const bar = byId('progress');
  bar.hidden = !progress;
  if (progress) {
    put(bar, h('p', { class: 'progress-text' }, h('span', { class: 'long' }, word(locale, 'step', { n: progress.step, of: progress.of })),
      h('span', { class: 'short', 'aria-hidden': 'true' }, `${progress.step} / ${progress.of}`)),
      h('p', { class: 'progress-bar', 'aria-hidden': 'true' }, Array.from({ length: progress.of }, (_, at) => h('i', { class: at < progress.step ? 'is-past' : '' }))));
  }
  byId('band').hidden = !band;
  if (band) put(byId('band'), icon('alert'), h('span', null, band.text));
}

function drawStage(screen, kind, ctx) {
  const inWork = workButtons(kind);
  const left = { entry: 'keypad', pad: 'entry' }[ctx.pair];
  const widgets = screen.widgets.map((widget, index) => ({ name: widget.widget, element: widget.widget === left ? null : builders[widget.widget]?.(widget, ctx, index) }));
  const plate = widgets.filter(({ name }) => name === 'box_number').map(({ element }) => element);
  const rest = widgets.filter(({ name }) => name !== 'box_number').map(({ element }) => element);
  const lines = screen.lines.map((line) => h('p', { class: 'line' }, line.text));
  put(byId('talk'), plate, h('h1', { id: 'title', tabindex: -1 }, screen.title.text), lines, screen.notice && drawNotice(screen.notice));
  // A notice that asks for something says what to do next: where not both fit, it stands alone.
  if (lines.length && ['ask', 'problem'].includes(screen.notice?.kind)) ctx.spare = lines;
  const tiles = screen.buttons.filter((view) => inWork.has(view.press));
  put(byId('work'), rest.length ? rest : !tiles.length && picture(screen, plate.length),
    tiles.length > 0 && h('div', { class: kind === 'start' ? 'doors' : 'tiles' }, tiles.map((view) => tile(view, kind, ctx))));
  const taken = takenButtons(kind);
  const actions = screen.buttons.filter((view) => !inWork.has(view.press) && !taken.has(view.press));
  put(byId('actions'), ctx.pair === 'pad' && turnButton(ctx, 'entry', 'previous', 'back'), actions.map((view) => (ctx.pair === 'pad' && view.press === 'back' ? null : button(view, ctx))));
  byId('actions').dataset.count = byId('actions').childElementCount;
  byId('actions').hidden = ctx.pair === 'entry' || !actions.length;
  byId('work').hidden = !byId('work').childElementCount;
}

const workButtons = (kind) => (kind === 'start' ? START : kind === 'menu' ? new Set([...METHODS, ...SETTLING]) : new Set());
const takenButtons = (kind) => new Set(kind === 'pad' ? ['ok'] : kind === 'entry' ? ['ok', 'back'] : []);

function tile(view, kind, ctx) {
  if (kind === 'start') return button(view, ctx, { cls: 'door-card', picture: art(view.press === 'drop_key' ? 'drop' : 'pick') });
  return button(view, ctx, { cls: 'tile' });
}

function drawNotice({ kind, text }) {
  return h('p', { class: `notice notice-${kind}`, role: kind === 'problem' ? 'alert' : 'status' },
    icon({ problem: 'alert', ask: 'ask' }[kind] ?? 'info'), h('span', null, text.text));
}

/** A drawing for a screen of words only. */
function picture(screen, plate) {
  if (screen.sound === 'done') return art('done');
  if (/out_of|closed|deactivat|unavailable|damaged/.test(screen.id)) return art('stop');
  if (screen.id === 'drop.no_match' || screen.notice?.kind === 'problem' || screen.sound === 'problem') return art('problem');
  if (plate) return null;
  return art(screen.id.startsWith('pick') ? 'pick' : 'drop');
}

function drawBar(screen, ctx) {
  attr(byId('bar'), 'aria-label', word(screen.locale, 'help'));
  attr(byId('languages'), 'aria-label', word(screen.locale, 'language'));
  put(byId('languages'), screen.languages.map(({ locale, name, chosen }) => h('button', { type: 'button', class: 'lang', lang: locale, 'data-key': `lang-${locale}`,
    'aria-pressed': String(chosen), onact: () => send({ do: 'language', locale }) }, h('span', null, name))));
  const slot = (press) => {
    const view = screen.bar.find((other) => other.press === press);
    // An empty place keeps the others where they are.
    return view ? button(view, ctx, { cls: 'tool', find: (from) => from.bar }) : h('span', { class: 'tool tool-none' });
  };
  const others = screen.bar.filter((view) => !['help', 'abort'].includes(view.press)).map((view) => button(view, ctx, { cls: 'tool', find: (from) => from.bar }));
  put(byId('tools'), others, slot('help'), slot('abort'));
}

function drawOverlay(screen, ctx) {
  const { overlay } = screen;
  const element = byId('overlay');
  element.hidden = !overlay;
  for (const id of ['stage', 'tools', 'head']) byId(id).inert = Boolean(overlay);
  if (!overlay) { put(element); return; }
  const find = (from) => from.overlay?.buttons;
  const waits = overlay.id === 'still_there';
  put(element, h('div', { class: `panel panel-${overlay.id}` },
    waits ? h('div', { class: 'ring', 'data-count': 'bar' }, h('span', { class: 'ring-text', 'data-count': 'number' })) : icon(overlay.id === 'help' ? 'help' : 'stop', 'icon panel-icon'),
    h('h2', { id: 'overlay-title', tabindex: -1 }, overlay.title.text),
    h('div', { class: 'panel-lines' }, overlay.lines.map((line) => h('p', null, line.text))),
    h('div', { class: 'panel-actions' }, overlay.buttons.map((view) => button(view, ctx, { find })))));
}

function layout(ctx) {
  state.size = measure(root);
  const areas = ['talk', 'work', 'actions'].map(byId);
  const name = byId('locker');
  name.classList.remove('is-cut');
  // The locker's name gives way to the step's number.
  const words = name.lastElementChild;
  name.classList.toggle('is-cut', words.scrollWidth > words.clientWidth + 1);
  const fits = () => holds(byId('stage')) && areas.every((area) => area.hidden || (area.id === 'talk' ? carries(area) : holds(area)))
    && fitLabels(byId('stage')) && [...root.querySelectorAll('#stage .btn, .pad-key, .entry, .steps, .list, .choice, .pad, .map, .qr, .busy')].every(inside);
  fit(byId('stage'), state.size.roomy, fits, ctx);
  fit(byId('bar'), 1, () => holds(byId('bar')) && fitLabels(byId('bar'), true));
  const panel = byId('overlay').firstElementChild;
  byId('overlay').removeAttribute('data-gave');
  if (panel) fit(byId('overlay'), state.size.roomy, () => holds(byId('overlay')) && holds(panel) && fitLabels(panel));
}

/** Whether a block keeps its words and stays within the area that carries it. */
function inside(element) {
  if (!element.checkVisibility()) return true;
  const own = element.getBoundingClientRect();
  const area = element.closest('#talk, #work, #actions').getBoundingClientRect();
  return holds(element) && own.bottom <= area.bottom + 1 && own.right <= area.right + 1 && own.top >= area.top - 1;
}

/** What a person hears, and where the focus goes, when a screen appears. */
function greet(screen, before, focused, step) {
  const overlay = before?.overlay?.id !== screen.overlay?.id;
  const changed = step || overlay || before?.locale !== screen.locale || before?.notice?.text.text !== screen.notice?.text.text;
  if (!changed) {
    root.querySelector(`[data-key="${CSS.escape(focused ?? '')}"]`)?.focus();
    return;
  }
  const title = screen.overlay?.title.text ?? screen.title.text;
  if (!keypad.isAwake()) byId('announce').textContent = [title, !screen.overlay && screen.notice?.text.text].filter(Boolean).join('. ');
  if (step || overlay) focusOn(screen);
  else root.querySelector(`[data-key="${CSS.escape(focused ?? '')}"]`)?.focus();
  if (screen.sound) play(screen.sound);
  if (!keypad.isAwake()) speak(screen.spoken.map((text) => text.text), screen.locale);
}

function focusOn(screen) {
  const target = screen.overlay ? byId('overlay-title') : byId('entry') ?? byId('title');
  target.focus({ preventScroll: true });
  if (target.id === 'entry') target.setSelectionRange(target.value.length, target.value.length);
}

// ---- time ----------------------------------------------------------------------------------------------------

function tick() {
  const { screen } = state;
  if (!screen) return;
  const { remaining, overlay } = screen;
  const left = Math.max(0, state.deadline - performance.now());
  const seconds = Math.ceil(left / 1000);
  byId('count').hidden = !remaining?.warning || overlay?.id === 'still_there';
  for (const element of document.querySelectorAll('[data-count]')) {
    const how = element.dataset.count;
    if (how === 'bar' && remaining) element.style.setProperty('--part', Math.min(1, left / remaining.total_ms).toFixed(3));
    else if (how === 'number') element.textContent = seconds;
    else if (how === 'text') element.textContent = word(screen.locale, 'left', { n: seconds });
  }
}
setInterval(tick, 200);

// ---- touches -------------------------------------------------------------------------------------------------

function send(action) {
  touches.push(action, state.acting ?? state.screen);
  refresh();
}

const padNow = () => state.screen.widgets.find((widget) => widget.widget === 'keypad');

function digit(number) {
  speakKey(number, state.screen.locale, !padNow()?.revealed);
  send({ do: 'digit', digit: number });
}

function erase() {
  speakKey('erase', state.screen.locale);
  send({ do: 'erase' });
}

let down = null;
let done = { key: null, at: 0 };

const target = (element) => element?.closest?.('[data-key]');

function fire(element, name, screen) {
  if (!element || element.getAttribute('aria-disabled') === 'true' || element.closest('[inert]')) return;
  state.acting = screen;
  element.dispatchEvent(new CustomEvent(name));
  state.acting = null;
}

document.addEventListener('pointerdown', (event) => {
  hush();
  const element = target(event.target);
  if (!element || event.button > 0) return;
  // Typing leaves the focus where it is: Enter then means OK, not the last digit again.
  if (element.dataset.quick !== undefined) event.preventDefault();
  element.classList.add('is-down');
  down = { key: element.dataset.key, pointer: event.pointerId, screen: state.screen, element };
  if (element.dataset.quick === undefined) return;
  done = { key: element.dataset.key, at: performance.now() };
  fire(element, 'quick', state.screen);
});

document.addEventListener('pointerup', (event) => {
  const begun = down;
  release();
  if (!begun || begun.pointer !== event.pointerId) return;
  // The screen may have been drawn anew under the finger: what counts is the key, with the screen that was seen.
  const element = target(document.elementFromPoint(event.clientX, event.clientY));
  if (!element || element.dataset.key !== begun.key || element.dataset.quick !== undefined) return;
  done = { key: begun.key, at: performance.now() };
  fire(element, 'act', begun.screen);
});
document.addEventListener('pointercancel', release);

function release() {
  const { element } = down ?? {};
  down = null;
  setTimeout(() => element?.classList.remove('is-down'), 80);
}

/** A click without a press of its own comes from a keyboard or an assistive device. */
document.addEventListener('click', (event) => {
  const element = target(event.target);
  if (!element) return;
  const own = done.key === element.dataset.key && performance.now() - done.at < CLICK_MS;
  if (event.detail !== 0 && own) return;
  fire(element, element.dataset.quick === undefined ? 'act' : 'quick', state.screen);
});
document.addEventListener('contextmenu', (event) => event.preventDefault());

document.addEventListener('keydown', (event) => {
  const { screen } = state;
  if (!screen || event.ctrlKey || event.altKey || event.metaKey) return;
  const struck = keypad.keyOf(event);
  if (struck) {
    event.preventDefault();
    if (!event.repeat) keypad.strike(struck, send);
    return;
  }
  const field = event.target.matches?.('[data-field]');
  const press = (key) => { event.preventDefault(); fire(root.querySelector(`[data-key="${key}"]`), 'act', screen); };
  if (event.key === 'Escape') press(escapeKey(screen));
  else if (event.key === 'Enter' && (field || !target(event.target))) enter(screen, press);
  else if (event.key === 'F1') press('press-help');
  else if (event.key === '*' && !field) again();
  else if (!field && !screen.overlay && padNow()) padKey(event);
});

function padKey(event) {
  if (/^[0-9]$/.test(event.key)) { event.preventDefault(); flash(`digit-${event.key}`); digit(Number(event.key)); }
  if (event.key === 'Backspace') { event.preventDefault(); flash('erase'); erase(); }
}

function flash(key) {
  const element = root.querySelector(`[data-key="${key}"]`);
  element?.classList.add('is-down');
  setTimeout(() => element?.classList.remove('is-down'), 120);
}

const escapeKey = ({ overlay }) => ({ abort: 'press-no', help: 'press-close_help', still_there: 'press-more_time' })[overlay?.id] ?? 'press-abort';

function enter(screen, press) {
  const buttons = screen.overlay?.buttons ?? screen.buttons;
  const main = buttons.filter((view) => view.weight === 'primary').at(-1);
  // Stopping is never one Enter away.
  if (screen.overlay?.id === 'abort') press('press-no');
  else if (state.pages.pair !== 'pad' && root.querySelector('[data-key="turn-pad"]') && !screen.overlay) turn('pad');
  else if (padNow() && !screen.overlay) press('press-ok');
  else if (main) press(`press-${main.press}`);
}

let resized;
addEventListener('resize', () => {
  clearTimeout(resized);
  resized = setTimeout(() => { state.drawn = ''; if (state.screen) show(state.screen); }, 120);
});
