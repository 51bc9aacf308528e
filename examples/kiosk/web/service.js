// What is done to a locker from the office: maintenance (BOX-6), and lifting the lock on code entry (CODE-4).

import { ask, post } from './api.js';
import { question } from './dialog.js';
import { h } from './dom.js';
import { act } from './page.js';
import { t, when } from './strings.js';

/** How the locker stands, beside its boxes. */
export const standing = (locker) => [
  !locker.linked && h('p', { class: 'error' }, t('notLinked')),
  locker.maintenance && h('p', { class: 'notice-line' }, t('inMaintenance')),
  locker.code_lock_until && h('p', { class: 'error' }, t('codeLocked', { at: when(locker.code_lock_until) })),
  locker.staff_codes_wait_until && h('p', { class: 'error' }, t('staffCodesLocked', { at: when(locker.staff_codes_wait_until) })),
];

/** What who has the right can do to it; `run` does it and says what went wrong. */
export function service(staff, locker, run) {
  const path = `/api/v1/lockers/${locker.id}`;
  const begin = () => {
    const reason = h('textarea', { class: 'words', rows: 2, maxlength: 200, required: true });
    question('maintenance-title', `${t('maintenance')}: ${locker.name}`, [h('p', { class: 'muted' }, t('maintenanceLead')), h('label', { class: 'field' }, h('span', null, t('reason')), reason)],
      t('maintenanceBegin'), () => staff.try(() => post(`${path}/maintenance`, { reason: reason.value })).then(() => null));
  };
  const acts = [
    staff.may('box.service') && (locker.maintenance
      ? act(`maintenance-end-${locker.id}`, t('maintenanceEnd'), () => run(() => ask('DELETE', `${path}/maintenance`), 'lockers'))
      : act(`maintenance-${locker.id}`, t('maintenance'), begin)),
    staff.may('lock.lift') && locker.code_lock_until && act(`lift-${locker.id}`, t('liftLock'), () => run(() => post(`${path}/lift`), 'lockers')),
  ].filter(Boolean);
  return acts.length > 0 && h('div', { class: 'acts' }, acts);
}
