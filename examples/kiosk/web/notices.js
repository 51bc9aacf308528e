// What the location is told of lockers: alarms, boxes to check, pauses of codes. The newest, as long as they matter.

import { h } from './dom.js';
import { icon } from './icons.js';
import { t, when } from './strings.js';

const SHOWN = 12;
const DAY_MS = 86_400_000;
/** Kinds that something ends; the others are news of the day. */
const ENDING = new Set(['door_left_open', 'out_of_service', 'to_check', 'clock_doubted']);

/** The panel, or nothing when there is nothing to tell. */
export function notices(list, visits) {
  const isNew = ({ kind, at, over }) => !over && (ENDING.has(kind) || Date.now() - Date.parse(at) < DAY_MS);
  const news = (list ?? []).filter(isNew).slice(0, SHOWN);
  if (!news.length) return null;
  const plate = (id) => visits?.find((visit) => visit.id === id)?.plate;
  const row = (notice) => h('li', null, icon('alert'), h('span', null, h('b', null, t(`told_${notice.kind}`)), ' ',
    [notice.locker, notice.box_no && t('box', { n: notice.box_no }), plate(notice.visit), notice.user, when(notice.at)].filter(Boolean).join(' · ')));
  return h('section', { class: 'panel', 'aria-labelledby': 'notices-title' }, h('h2', { id: 'notices-title' }, t('notices')), h('ul', { class: 'told' }, news.map(row)));
}
