// The simulated cabinet: doors to pull and push, keys to put in and take, sensors and faults to switch.

import { get, listen, post, Problem } from './api.js';
import { attr, byId, h, put, s } from './dom.js';
import { icon } from './icons.js';
import { act, page, region, toggle } from './page.js';
import { t } from './strings.js';

const FAULTS = ['jam', 'stuck_open', 'stuck_closed', 'cut', 'item_stuck_present', 'item_stuck_absent'];
const FLASH_MS = 900;
const state = { data: null, chosen: null, absent: false, pulses: new Map(), item: null };
const cells = new Map();

const { link } = page('cabinet', draw);

get('/api/v1/cabinet').then(accept, (error) => {
  state.absent = error instanceof Problem && error.status === 404;
  draw();
});
listen('/api/v1/cabinet/events', { cabinet: accept }, (up) => { if (!state.absent) link(up); });

function accept(data) {
  if (!data) return;
  const first = !state.data;
  const rebuilt = first || state.data.boxes.length !== data.boxes.length;
  state.data = data;
  state.chosen ??= data.boxes[0]?.box_no;
  if (rebuilt) draw(); else update();
  for (const box of data.boxes) {
    const before = state.pulses.get(box.box_no);
    if (before !== undefined && box.pulses > before) flash(box.box_no);
    state.pulses.set(box.box_no, box.pulses);
  }
}

/** @param refused what to say instead of the server's words when the cabinet does not do it */
async function send(body, refused) {
  try {
    const data = await post('/api/v1/cabinet/act', body);
    if (data?.boxes) accept(data);
    else if (state.data) accept(await get('/api/v1/cabinet'));
    return true;
  } catch (error) {
    say(error instanceof Problem ? refused ?? error.message : t('unreachable'));
    return false;
  }
}

const say = (text) => { byId('announce').textContent = text; const line = byId('said'); if (line) line.textContent = text; };
const boxOf = (number) => state.data.boxes.find((box) => box.box_no === number);

// ---- the drawing ---------------------------------------------------------------------------------------------

function draw() {
  if (!state.data) {
    region(byId('main'), h('h1', null, t('cabinet')), state.absent && h('p', { class: 'panel' }, t('noCabinet')));
    return;
  }
  state.item ??= t('aKey');
  cells.clear();
  const { boxes } = state.data;
  const columns = 1 + Math.max(...boxes.map((box) => box.column));
  const rows = 1 + Math.max(...boxes.map((box) => box.row));
  put(byId('main'), h('div', { class: 'intro' }, h('h1', null, t('cabinet')), h('p', { class: 'lead' }, t('cabinetLead'))),
    h('div', { class: 'floor' },
      h('div', { class: 'locker', vars: { '--columns': columns, '--rows': rows } },
        h('div', { class: 'crown', 'aria-hidden': 'true' }, icon('key'), h('span', null, 'KEY LOCKER')),
        h('div', { class: 'front', role: 'group', 'aria-label': t('cabinet') }, boxes.map(cell)))),
    h('aside', { class: 'side', 'aria-label': t('box', { n: '' }) }, h('p', { id: 'said', class: 'said', role: 'status' }), h('section', { id: 'panel', class: 'panel' }), h('section', { id: 'boards', class: 'panel' })));
  update();
}

function cell(box) {
  const number = box.box_no;
  const inside = h('div', { class: 'inside' });
  const door = h('button', { type: 'button', class: 'door', 'data-key': `door-${number}`, onclick: () => pull(number), onfocus: () => select(number) },
    h('span', { class: 'door-no', 'aria-hidden': 'true' }, number), h('span', { class: 'door-lamp', 'aria-hidden': 'true' }), h('span', { class: 'door-lock', 'aria-hidden': 'true' }));
  const faults = h('span', { class: 'door-faults' });
  const element = h('div', { class: 'cell', vars: { '--column': box.column + 1, '--row': box.row + 1 }, onpointerdown: () => select(number) }, inside, door, faults);
  cells.set(number, { element, inside, door, faults });
  return element;
}

function update() {
  for (const box of state.data.boxes) updateCell(box);
  panel();
  boards();
}

function updateCell(box) {
  const { element, inside, door, faults } = cells.get(box.box_no);
  element.classList.toggle('is-open', box.open);
  element.classList.toggle('is-chosen', box.box_no === state.chosen);
  attr(door, 'aria-expanded', String(box.open));
  attr(door, 'aria-label', `${t('box', { n: box.box_no })}, ${doorState(box)}. ${t(box.open ? 'push' : 'pull')}`);
  const content = JSON.stringify([box.items, box.open]);
  if (inside.dataset.content !== content) {
    inside.dataset.content = content;
    region(inside, box.open && (box.items.length ? h('button', { type: 'button', class: 'hook', 'data-key': 'hook', onclick: () => send({ do: 'take', box_no: box.box_no }), 'aria-label': t('takeKey', { item: box.items.at(-1) }) },
      drawnKey(), h('span', null, box.items.length > 1 ? `${box.items.at(-1)} +${box.items.length - 1}` : box.items[0]))
      : h('button', { type: 'button', class: 'hook hook-empty', 'data-key': 'hook', onclick: () => send({ do: 'put', box_no: box.box_no, item: state.item }), 'aria-label': `${t('putKey')}, ${t('box', { n: box.box_no })}` }, h('span', { 'aria-hidden': 'true' }, '+'))));
  }
  put(faults, box.faults.length > 0 && [icon('alert'), h('span', { class: 'vh' }, box.faults.map((fault) => t(`fault_${fault}`)).join(', '))]);
}

const doorState = (box) => t(box.open ? 'doorOpen' : 'doorShut');

function drawnKey() {
  return s('svg', { viewBox: '0 0 60 96', class: 'drawn-key', 'aria-hidden': 'true' },
    s('path', { d: 'M30 2v10', class: 'dk-ring' }),
    s('rect', { x: 16, y: 10, width: 28, height: 38, rx: 10, class: 'dk-fob' }), s('circle', { cx: 30, cy: 24, r: 4.5, class: 'dk-btn' }), s('circle', { cx: 30, cy: 37, r: 4.5, class: 'dk-btn' }),
    s('path', { d: 'M25 48h10v38l-5 7-5-7v-6l4-4-4-4v-5l4-4-4-4z', class: 'dk-blade' }));
}

function flash(number) {
  const { element } = cells.get(number);
  element.classList.add('is-fired');
  setTimeout(() => element.classList.remove('is-fired'), FLASH_MS);
  say(t('unlocked', { n: number }));
}

async function pull(number) {
  const box = boxOf(number);
  select(number);
  if (box.open) { await send({ do: 'close', box_no: number }); return; }
  if (await send({ do: 'open', box_no: number }, t('held', { n: number }))) return;
  const { element } = cells.get(number);
  element.classList.add('is-held');
  setTimeout(() => element.classList.remove('is-held'), 400);
}

function select(number) {
  if (state.chosen === number) return;
  state.chosen = number;
  for (const [other, { element }] of cells) element.classList.toggle('is-chosen', other === number);
  panel();
}

// ---- the panel beside it -------------------------------------------------------------------------------------

function panel() {
  const box = boxOf(state.chosen);
  const element = byId('panel');
  if (!box || !element) return;
  const number = box.box_no;
  // What is being typed is not drawn anew.
  const typing = document.activeElement?.dataset.key === 'item' && element.contains(document.activeElement);
  if (typing) return;
  region(element, h('header', null, h('h2', null, t('box', { n: number })), h('span', { class: `tag ${box.open ? 'tag-key' : ''}` }, icon(box.open ? 'doorOpen' : 'door'), doorState(box))),
    h('div', { class: 'acts' },
      box.open ? act('push', t('push'), () => send({ do: 'close', box_no: number }), { kind: 'primary', picture: 'door' }) : act('pull', t('pull'), () => pull(number), { kind: 'primary', picture: 'doorOpen' }),
      !box.open && act('pry', t('pry'), () => send({ do: 'pry', box_no: number }), { picture: 'alert' })),
    h('label', { class: 'field' }, h('span', null, t('itemName')), h('input', { class: 'input', 'data-key': 'item', value: state.item, maxlength: 40, oninput: (event) => { state.item = event.target.value || t('aKey'); } })),
    h('div', { class: 'acts' }, act('put', t('putKey'), () => send({ do: 'put', box_no: number, item: state.item }), { picture: 'key', disabled: !box.open }),
      box.items.length > 0 && act('take', t('takeKey', { item: box.items.at(-1) }), () => send({ do: 'take', box_no: number }), { picture: 'forward', disabled: !box.open })),
    h('dl', { class: 'facts' }, fact(t('content'), box.items.join(', ') || t('empty')), fact(t('doorSensor'), t(`sensed_${box.sensed_door}`)),
      fact(t('itemSensor'), t(`sensed_${box.sensed_item}`)), fact(t('pulses'), box.pulses)),
    h('h3', null, t('faults')),
    h('div', { class: 'switches' }, FAULTS.map((fault) => toggle(`fault-${fault}`, t(`fault_${fault}`), box.faults.includes(fault), (event) => send({ do: 'fault', fault, box_no: number, on: event.target.checked })))));
}

const fact = (label, value) => [h('dt', null, label), h('dd', null, value)];

function boards() {
  const element = byId('boards');
  element.hidden = !state.data.boards?.length;
  region(element, h('h2', null, t('boards')), (state.data.boards ?? []).map((board) => h('fieldset', { class: 'board' }, h('legend', null, t('board', { n: board.board })),
    ['dead', 'slow'].map((fault) => toggle(`board-${board.board}-${fault}`, t(fault), board[fault], (event) => send({ do: 'fault', fault, board: board.board, on: event.target.checked }))))),
  h('fieldset', { class: 'board' }, h('legend', null, t('linkToOffice')), toggle('link-cut', t('linkCut'), state.data.link_cut, (event) => send({ do: 'fault', fault: 'link_cut', on: event.target.checked }))));
}
