// One builder per widget of the view model. A builder returns an element and hands `live` a function that redraws
// what may change while the step stays the same (digits, chosen items, enabled buttons).

import { h, put, attr } from './dom.js';
import { icon } from './icons.js';
import { drawCabinet } from './draw.js';
import { word } from './words.js';

const ICONS = {
  drop_key: 'key', pick_up_key: 'key', go: 'forward', low_box: 'low', by_pin: 'pin', by_registration: 'plate', by_phone: 'phone', by_qr: 'qr',
  ok: 'check', show: 'eye', send: 'send', enter_code: 'pin', back: 'back', next: 'forward', edit_phone: 'call', remove_phone: 'trash',
  edit_remark: 'pen', confirm: 'check', did_not_open: 'door', open_again: 'doorOpen', something_inside: 'alert', not_my_key: 'key',
  door_is_shut: 'door', done: 'check', new_qr: 'refresh', box_empty: 'door', key_stays: 'key', key_taken: 'key', something_else: 'alert',
  abort: 'close', yes: 'check', no: 'back', help: 'help', call_help: 'call', close_help: 'back', more_time: 'clock',
};
const TOGGLES = new Set(['low_box', 'show']);

/** A button of the view model. */
export function button(view, ctx, { cls = '', picture = icon(ICONS[view.press] ?? 'forward'), find } = {}) {
  const element = h('button', { type: 'button', class: `btn btn-${view.weight} press-${view.press} ${cls}`, 'data-key': `press-${view.press}`,
    onact: () => ctx.act({ do: 'press', button: view.press }) }, picture, h('span', { class: 'btn-label' }, view.label.text));
  ctx.live.push((screen) => {
    const now = (find ?? ((from) => from.buttons))(screen)?.find((other) => other.press === view.press) ?? view;
    attr(element, 'aria-disabled', now.enabled ? null : 'true');
    if (TOGGLES.has(view.press)) {
      attr(element, 'aria-pressed', String(now.on));
      element.classList.toggle('is-on', now.on);
    }
  });
  return element;
}

/** Goes to the other half of a pair of questions; the locker is not asked. */
export const turnButton = (ctx, to, key, picture, cls = 'btn-secondary') => h('button', { type: 'button', class: `btn ${cls}`, 'data-key': `turn-${to}`,
  onact: () => ctx.turn(to) }, icon(picture), h('span', { class: 'btn-label' }, word(ctx.locale, key)));

export const builders = { steps, choices, keypad, entry, list, qr, map, box_number: boxNumber, busy };

function steps({ steps: texts }) {
  return h('ol', { class: 'steps card' }, texts.map((text, index) => h('li', null,
    h('span', { class: 'step-no', 'aria-hidden': 'true' }, index + 1), h('span', null, text.text))));
}

function choices({ items }, ctx, index) {
  const element = h('div', { class: 'choices', role: 'radiogroup', 'aria-labelledby': 'title' });
  const rows = items.map((item, at) => h('button', { type: 'button', role: 'radio', class: 'choice', 'data-key': `choose-${at}`, 'aria-checked': 'false',
    onact: () => ctx.act({ do: 'choose', item: at }) },
  icon(PICTURES[ctx.screen.id] ?? pictureOf(item.label.text)),
  h('span', { class: 'choice-text' }, h('span', { class: 'choice-label' }, item.label.text), item.detail && h('span', { class: 'choice-detail' }, item.detail.text)),
  h('span', { class: 'choice-mark', 'aria-hidden': 'true' }, icon('check'))));
  ctx.live.push((screen) => {
    const now = screen.widgets[index]?.items ?? items;
    rows.forEach((row, at) => attr(row, 'aria-checked', String(Boolean(now[at]?.chosen))));
  });
  paged(element, rows, ctx, `choices-${index}`);
  return element;
}

/** Where the picture is of the step, not of the item. */
const PICTURES = { 'staff.reason': 'ask', 'staff.box': 'door' };

const pictureOf = (text) => (text.includes('@') ? 'mail' : /^[+0(]/.test(text) ? 'phone' : 'car');

function list({ rows }, ctx, index) {
  const element = h('div', { class: 'list card' });
  const lines = rows.map((row) => h('div', { class: 'row', role: 'group' },
    h('p', { class: 'row-label' }, row.label.text.replace(/(\p{L})-(\p{L})/gu, '$1\u2011$2')), h('p', { class: 'row-value' }, breakable(row.value.text))));
  // What the person has just added or changed is on the page that shows.
  const name = `list-${index}`;
  const words = rows.map((row) => row.label.text + row.value.text);
  const before = ctx.rows[ctx.screen.id];
  ctx.rows[ctx.screen.id] = words;
  const news = before ? words.findIndex((text) => !before.includes(text)) : -1;
  paged(element, lines, ctx, name, news);
  return element;
}

/** An address breaks behind its @ rather than within a word. */
const breakable = (text) => (/^\S+@\S+$/.test(text) ? [text.slice(0, text.indexOf('@') + 1), h('wbr'), text.slice(text.indexOf('@') + 1)] : text);

/** Cuts rows into pages where the screen cannot hold them all; nothing scrolls. */
function paged(element, rows, ctx, name, news = -1) {
  const body = h('div', { class: 'pages' }, rows);
  const say = h('p', { class: 'pager-no' });
  const turn = (by, key, picture) => h('button', { type: 'button', class: 'btn btn-secondary pager-turn', 'data-key': `${name}-${key}`,
    'aria-label': word(ctx.locale, key), onact: () => { show(current + by); ctx.pages[name] = current; } }, icon(picture));
  const previous = turn(-1, 'previous', 'back');
  const next = turn(1, 'next', 'forward');
  const pager = h('div', { class: 'pager' }, previous, say, next);
  let size = rows.length;
  let current = 0;
  const show = (page) => {
    const last = Math.ceil(rows.length / size) - 1;
    const at = Math.max(0, Math.min(page, last));
    current = at;
    rows.forEach((row, index) => { row.hidden = Math.floor(index / size) !== at; });
    pager.hidden = last < 1;
    put(say, h('span', { class: 'long' }, word(ctx.locale, 'page', { n: at + 1, of: last + 1 })), h('span', { class: 'short', 'aria-hidden': 'true' }, `${at + 1} / ${last + 1}`));
    attr(previous, 'aria-disabled', at === 0 ? 'true' : null);
    attr(next, 'aria-disabled', at === last ? 'true' : null);
  };
  element.append(body, pager);
  if (rows.length > 1) ctx.paged.push({ rows: rows.length, show: (n) => { size = n; show(ctx.pages[name] ?? (news < 0 ? 0 : Math.floor(news / n))); } });
  else pager.hidden = true;
}

function keypad(widget, ctx, index) {
  const dots = h('p', { class: 'pad-digits', 'data-say': 'digits' });
  const key = (digit) => h('button', { type: 'button', class: 'pad-key', 'data-key': `digit-${digit}`, 'data-quick': true, onquick: () => ctx.digit(digit) }, digit);
  const erase = h('button', { type: 'button', class: 'pad-key pad-side pad-erase', 'data-key': 'erase', 'data-quick': true, 'aria-label': word(ctx.locale, 'erase'),
    onquick: () => ctx.erase() }, icon('erase'));
  const okView = ctx.screen.buttons.find((view) => view.press === 'ok');
  const ok = h('button', { type: 'button', class: 'pad-key pad-ok', 'data-key': 'press-ok', onact: () => ctx.act({ do: 'press', button: 'ok' }) },
    h('span', { class: 'pad-word' }, okView?.label.text ?? word(ctx.locale, 'ok')));
  ctx.live.push((screen) => {
    const now = screen.widgets[index];
    drawDigits(dots, now, ctx.locale);
    const view = (press) => screen.buttons.find((other) => other.press === press);
    attr(ok, 'aria-disabled', (view('ok') ? view('ok').enabled : now.typed >= 4) ? null : 'true');
    attr(erase, 'aria-disabled', now.typed ? null : 'true');
  });
  const digits = [1, 2, 3, 4, 5, 6, 7, 8, 9, 0].map(key);
  // Read in the order 1, 2, 3; the grid of the style sheet places them for the screen's shape.
  return h('div', { class: 'pad' }, h('div', { class: 'pad-screen' }, dots),
    h('div', { class: 'pad-keys', role: 'group', 'aria-labelledby': 'title' }, digits, erase, ok));
}

function drawDigits(element, { shown, typed, digits_max: max, revealed }, locale) {
  const characters = [...shown];
  put(element, h('span', { class: 'vh' }, word(locale, 'typed', { n: typed, max })),
    Array.from({ length: max }, (_, at) => h('span', { 'aria-hidden': 'true',
      class: `slot${at < typed ? ' slot-full' : ''}${at === typed ? ' slot-next' : ''}` }, revealed ? characters[at] ?? '' : '')));
}

function entry(widget, ctx) {
  const remark = widget.kind === 'remark';
  const field = h(remark ? 'textarea' : 'input', { id: 'entry', class: `field field-${widget.kind}`, 'data-field': true, inputmode: 'none', autocomplete: 'off',
    autocapitalize: 'off', spellcheck: 'false', rows: remark ? 2 : null, enterkeyhint: 'done', oninput: () => ctx.entry.typed(field) });
  const left = h('p', { class: 'field-count' });
  ctx.entry.mount(field, left, widget);
  const take = (press) => {
    const view = ctx.screen.buttons.find((other) => other.press === press);
    return view && button(view, ctx, { cls: 'field-btn' });
  };
  const row = h('div', { class: 'field-row' }, take('back'),
    h('div', { class: 'field-box' }, h('label', { for: 'entry', class: 'field-label' }, widget.label.text), field, left), ctx.pair ? turnButton(ctx, 'pad', 'next', 'forward', 'btn-primary field-btn') : take('ok'));
  return h('div', { class: 'entry' }, row, ctx.entry.keys());
}

function qr({ digits }, ctx) {
  const grouped = digits?.replace(/(\d{4})(?=\d)/g, '$1 ');
  return h('div', { class: 'qr' },
    h('div', { class: 'qr-card' },
      h('img', { class: 'qr-img', alt: word(ctx.locale, 'qr'), src: `/api/v1/qr.svg?surface=bottom&g=${encodeURIComponent(ctx.screen.generation)}` }),
      digits && h('p', { class: 'qr-digits' }, grouped)),
    ctx.screen.remaining && h('div', { class: 'drain', 'data-count': 'bar' }, h('span', { class: 'drain-bar' }), h('span', { class: 'drain-text', 'data-count': 'text' })));
}

function map({ boxes }, ctx) {
  const mine = boxes.find((box) => box.mark === 'here' || box.mark === 'here_open');
  const open = boxes.filter((box) => box.mark === 'open' || box.mark === 'here_open').map((box) => box.box_no).join(', ');
  const label = ctx.screen.surface === 'top' && open ? word(ctx.locale, 'mapOpen', { n: open })
    : mine ? word(ctx.locale, 'mapHere', { n: mine.box_no }) : open ? word(ctx.locale, 'mapOpen', { n: open }) : word(ctx.locale, 'map');
  return h('div', { class: 'map' }, drawCabinet(boxes, label));
}

function boxNumber({ box_no: number }, ctx) {
  return h('p', { class: 'plate' }, h('span', { class: 'plate-word' }, word(ctx.locale, 'box')), ' ', h('span', { class: 'plate-no' }, number));
}

function busy({ reason }) {
  return h('div', { class: 'busy card' }, h('span', { class: 'busy-dots', 'aria-hidden': 'true' }, h('i'), h('i'), h('i')), h('p', null, reason.text));
}
