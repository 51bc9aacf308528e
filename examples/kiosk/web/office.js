// The office: work orders and their keys, calls for help, lockers; it may also be used as the tablet.

import { ask, post } from './api.js';
import { codes } from './codes.js';
import { Desk } from './desk.js';
import { byId, h, put } from './dom.js';
import { eraseVisit, people } from './erase.js';
import { icon } from './icons.js';
import { Log } from './log.js';
import { notices } from './notices.js';
import { act, region, toggle } from './page.js';
import { service, standing } from './service.js';
import { said } from './staff.js';
import { stepWords, t, when } from './strings.js';
import { facts, messages, outboundActs, timeline, visitRow } from './visits.js';

const areas = {};
let desk;
desk = new Desk('office', (staff) => ({ visits: '/api/v1/visits', help: '/api/v1/help', notices: '/api/v1/notices', lockers: '/api/v1/lockers', ...staff.isAdmin() && { users: '/api/v1/users' } }),
  { build, draw, logged });
const log = new Log(desk);

/** Something was noted: what has no news of its own is read again. */
function logged() {
  log.refresh();
  if (desk.kept.users) desk.refresh('users');
}

/** Built once, so that the search keeps what was typed. */
function build(main) {
  for (const name of ['notice', 'ticket', 'help', 'news', 'list', 'detail', 'lockers', 'people', 'log']) areas[name] = h('div', { class: 'col' });
  areas.detail.classList.add('detail');
  const search = h('input', { class: 'input', type: 'search', value: desk.typed, 'aria-label': t('search'), placeholder: t('search'), oninput: () => { desk.typed = search.value; draw(); } });
  put(main, h('h1', { class: 'vh' }, t('office')), areas.notice, areas.ticket, areas.help, areas.news,
    // The work order that is open stays in sight beside the list, and no further.
    h('div', { class: 'split' }, h('section', { class: 'col', 'aria-labelledby': 'visits-title' }, h('h2', { id: 'visits-title' }, t('visits')), search, areas.list), areas.detail),
    areas.lockers, areas.people, areas.log);
  put(areas.log, log.element());
}

function draw() {
  if (!desk || !areas.list) return;
  const ticket = desk.staff.ticketPanel();
  if (areas.ticket.firstChild !== ticket) put(areas.ticket, ticket);
  areas.ticket.hidden = !ticket;
  drawNotice();
  drawHelp(desk.data.help);
  region(areas.news, notices(desk.data.notices, desk.data.visits));
  areas.news.hidden = !areas.news.childElementCount;
  drawList();
  region(areas.detail, desk.detail ? drawDetail(desk.detail) : h('p', { class: 'panel muted' }, t('choose')));
  drawLockers(desk.data.lockers);
  region(areas.people, people(desk.staff, desk.data.users, () => desk.refresh('users')));
  areas.people.hidden = !areas.people.childElementCount;
  log.draw();
}

function drawNotice() {
  areas.notice.hidden = !desk.problem;
  region(areas.notice, desk.problem && h('p', { class: 'error', role: 'alert' }, desk.problem));
}

/** Runs a small act and says what went wrong, if anything did. */
async function run(work, name) {
  desk.problem = '';
  try {
    await desk.staff.try(work);
  } catch (error) {
    desk.problem = said(error);
  }
  drawNotice();
  desk.refresh(name);
}

// ---- calls for help ------------------------------------------------------------------------------------------

function drawHelp(calls) {
  areas.help.hidden = !calls?.length;
  if (!calls) return;
  const open = calls.filter((call) => call.state === 'open');
  if (open.length > (desk.calls ?? 0)) byId('announce').textContent = `${t('helpCalls')}: ${open.length}`;
  desk.calls = open.length;
  region(areas.help, h('section', { class: 'panel', 'aria-labelledby': 'help-title' }, h('h2', { id: 'help-title' }, t('helpCalls')), h('ul', { class: 'help' }, calls.map(helpRow))));
}

function helpRow(call) {
  const handled = call.state === 'handled';
  const more = [when(call.at), call.repeats > 0 && t('repeats', { n: call.repeats + 1 }), handled && t('handledBy', { user: call.handled_by }), call.unrecorded && t('unrecorded')].filter(Boolean).join(' · ');
  return h('li', { class: handled ? 'is-handled' : null }, h('div', null, h('p', null, h('b', null, t('helpAt', { locker: call.locker, step: stepWords(call.step) }))), h('p', null, more)),
    !handled && h('div', { class: 'acts' }, act(`handle-${call.id}`, t('handle'), () => run(() => post(`/api/v1/help/${call.id}/handle`), 'help'), { kind: 'primary', picture: 'check' }),
      act(`disregard-${call.id}`, t('disregard'), () => run(() => post(`/api/v1/help/${call.id}/disregard`), 'help'), {})));
}

// ---- visits --------------------------------------------------------------------------------------------------

function drawList() {
  const { visits, data, typed, open } = desk;
  region(areas.list, data.visits && !visits.length && h('p', { class: 'panel muted' }, typed ? t('noMatch', { q: typed }) : t('noVisits')),
    h('ul', { class: 'visits' }, visits.map((visit) => visitRow(visit, visit.id === open, () => desk.look(visit.id)))));
}

function drawDetail(visit) {
  const { staff } = desk;
  return h('section', { class: 'panel', 'aria-labelledby': 'detail-title' },
    h('header', null, h('h2', { id: 'detail-title', tabindex: -1 }, `${visit.plate} · ${visit.vehicle ?? ''}`, visit.erased && [' ', h('span', { class: 'tag' }, t('erased'))]), act('close-detail', t('close'), () => desk.look(null), { kind: 'plain', picture: 'close' })),
    facts(visit), h('div', { class: 'acts' },
      visit.key_icon && visit.may_pick_up && !staff.ticket && act('pick-up', t('pickUp'), () => staff.askTicket({ act: 'pick_up', visit: visit.id }, `${t('pickUp')}: ${visit.plate}`), { kind: 'primary', picture: 'key' }),
      outboundActs(visit, staff, 'primary')),
    visit.remark && [h('h3', null, t('remark')), h('p', { class: 'remark' }, visit.remark)],
    h('h3', null, t('timeline')), timeline(visit.timeline), h('h3', null, t('messages')), messages(visit.messages),
    (staff.isAdmin() || staff.may('log.read')) && h('div', { class: 'acts' }, staff.may('log.read') && act('log-of', t('logOf'), () => log.of(visit.id), { kind: 'plain' }), eraseVisit(staff, visit, () => desk.refresh('visits'))));
}

// ---- lockers -------------------------------------------------------------------------------------------------

function drawLockers(lockers) {
  if (!lockers) return;
  region(areas.lockers, h('h2', null, t('lockers')), !lockers.length && h('p', { class: 'panel muted' }, t('noLockers')), lockers.map(drawLocker));
}

function drawLocker(locker) {
  const free = locker.boxes.filter((box) => box.service === 'in_service' && box.assignment === 'free' && !box.to_check).length;
  return h('section', { class: 'panel', 'aria-labelledby': `locker-${locker.id}` },
    h('header', null, h('h3', { id: `locker-${locker.id}` }, locker.name), h('span', { class: 'muted' }, t('boxesFree', { free, all: locker.boxes.length })),
      desk.staff.may('locker.admin')
        ? toggle(`two-factor-${locker.id}`, t('twoFactor'), locker.two_factor, (event) => run(() => ask('PUT', `/api/v1/lockers/${locker.id}/settings`, { two_factor: event.target.checked }), 'lockers'))
        : h('span', { class: 'tag' }, `${t('twoFactor')}: ${t(locker.two_factor ? 'on' : 'off')}`)),
    standing(locker), service(desk.staff, locker, run),
    codes(desk.staff, locker, () => desk.refresh('lockers')),
    h('ul', { class: 'boxes' }, locker.boxes.map((box) => drawBox(box, locker))));
}

function drawBox(box, locker) {
  const out = box.service === 'out_of_service';
  const look = box.to_check ? 'is-check' : out ? 'is-out' : box.assignment === 'holding' ? 'is-holding' : '';
  return h('li', { class: `box ${look}` }, h('p', { class: 'box-no' }, h('span', null, box.box_no), box.to_check ? icon('alert') : box.door === 'open' ? icon('doorOpen') : box.assignment === 'holding' ? icon('key') : out ? icon('close') : null),
    h('p', null, box.to_check ? `${t('toCheck')}: ${box.to_check}` : out ? [t('outOfService'), box.reason].filter(Boolean).join(': ') : t(`assignment_${box.assignment}`)),
    box.plate && h('p', null, h('b', null, box.plate)),
    h('p', null, [box.door !== 'closed' && t(`door_${box.door}`), box.item && box.item !== 'unknown' && t(`item_${box.item}`)].filter(Boolean).join(', ')),
    box.to_check && desk.staff.may('box.check') && !desk.staff.ticket && act(`check-${locker.id}-${box.box_no}`, t('checkBox', { n: box.box_no }),
      () => desk.staff.askTicket({ act: 'check', box_no: box.box_no, locker: locker.id }, t('checkBox', { n: box.box_no })), {}));
}
