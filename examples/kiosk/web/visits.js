// How the office and the tablet show visits and what happened to their keys.

import { h } from './dom.js';
import { icon } from './icons.js';
import { act } from './page.js';
import { day, t, when } from './strings.js';

const plain = (text) => (text ?? '').toLocaleLowerCase().replace(/[\s.-]/g, '');

/** The visits that match what was typed into the search. */
export function matching(visits, typed) {
  const wanted = plain(typed);
  if (!wanted) return visits;
  return visits.filter((visit) => [visit.plate, visit.vehicle, visit.driver?.name, visit.owner, visit.contractor, ...visit.orders.map((order) => order.number)]
    .some((text) => plain(text).includes(wanted)));
}

/** One visit in the list. */
export function visitRow(visit, current, onclick) {
  const box = visit.custody?.box_no;
  return h('li', null, h('button', { type: 'button', class: 'visit', 'data-key': `visit-${visit.id}`, 'aria-current': current ? 'true' : null, onclick },
    h('span', { class: `visit-key${visit.key_icon ? ' has-key' : ''}` }, icon(visit.key_icon ? 'key' : 'car'), visit.key_icon && h('span', { class: 'vh' }, box ? t('keyIn', { n: box }) : t('keyDropped'))),
    h('span', { class: 'visit-main' }, h('span', null, h('span', { class: 'plate-no' }, visit.plate), ' ', h('span', { class: 'muted' }, visit.vehicle)), people(visit)),
    h('span', { class: 'visit-side' }, h('span', null, `${day(visit.date)} ${visit.orders[0]?.time ?? ''}`), marks(visit))));
}

function marks(visit) {
  const { kind, box_no: n } = visit.custody ?? {};
  if (kind === 'missing') return h('span', { class: 'tag tag-bad' }, icon('alert'), t('custody_missing'));
  if (kind === 'to_check') return h('span', { class: 'tag tag-bad' }, icon('alert'), t('toCheck'));
  if (visit.uncollected) return h('span', { class: 'tag tag-bad' }, icon('clock'), t('uncollected'));
  if (visit.outbound) return h('span', { class: 'tag tag-good' }, t('outboundIn', { n }));
  return kind === 'box' && h('span', { class: 'tag tag-key' }, t('box', { n }));
}

/** Driver, owner and contractor; blue with a mark once they answered (OFFICE-1). */
export function people(visit) {
  const { answered } = visit.driver;
  const names = { driver: visit.driver.name, owner: visit.owner, contractor: visit.contractor };
  return h('span', { class: 'people' }, Object.entries(names).filter(([, name]) => name).map(([role, name]) => {
    return h('span', { class: `person${answered ? ' is-answered' : ''}` }, role === 'driver' ? name : `${t(role)}: ${name}`, answered && ' ✓', answered && h('span', { class: 'vh' }, `, ${t('answered')}`));
  }));
}

/** Where the key is, in words. */
export function custody(visit) {
  const { kind = 'customer', box_no: n, locker, user, since } = visit.custody ?? {};
  const place = t(`custody_${kind}`, { n, locker, user });
  return [place, visit.outbound && t('outbound'), since && t('since', { at: when(since) })].filter(Boolean).join(', ');
}

/** The facts of one visit. */
export function facts(visit) {
  const row = (label, value) => value && [h('dt', null, label), h('dd', null, value)];
  return h('dl', { class: 'facts' }, row(t('driver'), h('span', null, visit.driver?.name ?? '—', visit.driver?.answered && h('span', { class: 'tag tag-blue' }, icon('check'), t('answered')))),
    row(t('owner'), visit.owner), row(t('contractor'), visit.contractor), row(t('custody'), custody(visit)),
    visit.orders.map((order) => row(`${order.number} · ${order.time ?? ''}`, order.work)), row(t('addedPhone'), visit.added_phone));
}

/** What staff who may drop can do with the key of a visit: drop it for the customer, or send its PIN again. */
export function outboundActs(visit, staff, look) {
  if (staff.ticket) return [];
  return [
    visit.may_drop && visit.contacts && act('drop', t('dropKey'), () => staff.askTicket({ act: 'drop', visit: visit.id }, `${t('dropKey')}: ${visit.plate}`, visit.contacts), { kind: look, picture: 'key' }),
    visit.outbound && staff.may('key.drop') && visit.contacts && act('send-again', t('sendAgain'), () => staff.askSendAgain(visit, () => staff.changed()), { kind: 'secondary', picture: 'send' }),
  ].filter(Boolean);
}

/** What happened, oldest first; the box number shows on hover or focus (OFFICE-2). */
export function timeline(events = []) {
  if (!events.length) return h('p', { class: 'muted' }, t('noTimeline'));
  return h('ol', { class: 'timeline' }, events.map((event, at) => {
    const words = [h('span', { class: 'event-what' }, h('b', null, t(`kind_${event.kind}`)), event.box_no && h('span', { class: 'tip' }, t('box', { n: event.box_no }))), h('small', null, [when(event.at), event.who].filter(Boolean).join(' · '))];
    const bad = ['to_check', 'missing'].includes(event.kind);
    return h('li', { class: bad ? 'is-bad' : null }, event.box_no
      ? h('button', { type: 'button', class: 'event', 'data-key': `event-${at}` }, words)
      : h('div', { class: 'event' }, words));
  }));
}

/** What was sent, with how it went; never a code. */
export function messages(list = []) {
  if (!list.length) return h('p', { class: 'muted' }, t('noMessages'));
  const look = { sent: 'tag-good', failed: 'tag-bad' };
  return h('ul', { class: 'log' }, list.map((message) => h('li', null,
    h('span', null, `${t(`channel_${message.channel}`)} · ${message.to_masked} `, h('span', { class: `tag ${look[message.outcome] ?? ''}` }, icon({ sent: 'check', failed: 'alert' }[message.outcome] ?? 'clock'), t(`outcome_${message.outcome}`))),
    h('span', { class: 'muted' }, [t(`template_${message.template}`), when(message.at), message.reason].filter(Boolean).join(' · ')))));
}
