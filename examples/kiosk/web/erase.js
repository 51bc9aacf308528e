// Erasing what is personal, on request (SAFE-5): of a work order, or of somebody who has left.

import { post } from './api.js';
import { question } from './dialog.js';
import { h } from './dom.js';
import { act } from './page.js';
import { t } from './strings.js';

const points = (...keys) => h('ul', { class: 'points' }, keys.map((key) => h('li', null, t(key))));

function erase(staff, name, title, lead, path, changed) {
  question(name, title, [h('p', null, h('b', null, t('eraseForGood'))), lead], t('eraseNow'), async () => {
    await staff.try(() => post(path));
    changed();
    return h('p', { role: 'status' }, t('eraseBegun'));
  }, 'danger');
}

/** The button on a work order, for a dealer admin. */
export function eraseVisit(staff, visit, changed) {
  if (!staff.isAdmin() || visit.erased) return null;
  const title = `${t('erase')}: ${visit.plate}`;
  return act('erase', `${t('erase')} …`, () => erase(staff, 'erase-title', title, points('eraseWhat', 'eraseStays', 'eraseNotBack', 'erasePlanning'), `/api/v1/visits/${visit.id}/erase`, changed), { kind: 'plain' });
}

/** Everybody with a log-in, for a dealer admin; who is active no more can be erased. */
export function people(staff, users, changed) {
  if (!users) return null;
  const row = (user) => h('li', null, h('span', null, h('b', null, user.name), ' · ', t(`role_${user.role}`), !user.active && [' ', h('span', { class: 'tag' }, t('inactive'))]),
    !user.active && user.login !== '–' && act(`erase-user-${user.id}`, `${t('erase')} …`, () => erase(staff, 'erase-title', `${t('erase')}: ${user.name}`, points('eraseUserWhat', 'eraseStays', 'eraseUserNotBack'), `/api/v1/users/${user.id}/erase`, changed), { kind: 'plain' }));
  return h('section', { class: 'panel', 'aria-labelledby': 'people-title' }, h('h2', { id: 'people-title' }, t('people')), h('ul', { class: 'people-list' }, users.map(row)));
}
