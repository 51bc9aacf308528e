// The tablet of a mechanic: find the work order, ask for the ticket, scan the kiosk's code, take the key.

import { Desk } from './desk.js';
import { h, put } from './dom.js';
import { act, region } from './page.js';
import { t } from './strings.js';
import { facts, outboundActs, timeline, visitRow } from './visits.js';

const areas = {};
let desk;
desk = new Desk('tablet', () => ({ visits: '/api/v1/visits' }), { build, draw });

/** Built once, so that the search keeps what was typed. */
function build(main) {
  main.classList.add('narrow');
  for (const name of ['ticket', 'list', 'detail']) areas[name] = h('div', { class: 'col' });
  const search = h('input', { class: 'input', type: 'search', value: desk.typed, 'aria-label': t('search'), placeholder: t('search'), oninput: () => { desk.typed = search.value; draw(); } });
  areas.home = h('section', { class: 'col' }, h('h2', null, t('visits')), search, areas.list);
  put(main, h('h1', { class: 'vh' }, t('tablet')), areas.ticket, areas.detail, areas.home);
}

function draw() {
  if (!desk || !areas.list) return;
  const { staff, detail } = desk;
  const ticket = staff.ticketPanel();
  if (areas.ticket.firstChild !== ticket) put(areas.ticket, ticket);
  areas.ticket.hidden = !ticket;
  areas.detail.hidden = !detail;
  // One thing at a time: the list waits while a work order or a result is shown.
  areas.home.hidden = Boolean(detail || staff.result);
  if (staff.result) areas.detail.hidden = true;
  drawList();
  region(areas.detail, detail && drawDetail(detail));
}

function drawList() {
  const { visits, data, typed } = desk;
  region(areas.list, data.visits && !visits.length && h('p', { class: 'panel muted' }, typed ? t('noMatch', { q: typed }) : t('noVisits')),
    h('ul', { class: 'visits' }, visits.map((visit) => visitRow(visit, false, () => desk.look(visit.id)))));
}

function drawDetail(visit) {
  const { staff } = desk;
  const held = staff.ticket && staff.ticket.visit === visit.id;
  return h('section', { class: 'panel', 'aria-labelledby': 'detail-title' },
    h('div', null, act('back', t('back'), () => desk.look(null), { kind: 'plain', picture: 'back' })),
    h('header', null, h('h2', { id: 'detail-title', class: 'plate-no', tabindex: -1 }, visit.plate), h('span', { class: 'muted' }, visit.vehicle)),
    visit.key_icon && !held && !staff.ticket && (visit.may_pick_up
      ? act('pick-up', t('pickUp'), () => staff.askTicket({ act: 'pick_up', visit: visit.id }, `${t('pickUp')}: ${visit.plate}`), { kind: 'primary act-big', picture: 'key' })
      : h('p', { class: 'error' }, t('mayNot'))),
    outboundActs(visit, staff, 'primary act-big'),
    facts(visit), visit.remark && [h('h3', null, t('remark')), h('p', { class: 'remark' }, visit.remark)],
    h('h3', null, t('timeline')), timeline(visit.timeline));
}
