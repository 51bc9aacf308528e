// Codes with which staff open a box without a tablet: temporary PINs and authenticators (CODE-8, CODE-9). What is made is
// shown once and kept nowhere on the page.

import { ask, post } from './api.js';
import { dialogOf } from './dialog.js';
import { h, put } from './dom.js';
import { act } from './page.js';
import { said } from './staff.js';
import { t } from './strings.js';

/** What a dealer admin can do at a locker with codes of their own; `changed` is called when it lists others. */
export function codes(staff, locker, changed) {
  if (!staff.may('code.temporary')) return null;
  const revoke = async (user) => {
    try {
      await staff.try(() => ask('DELETE', `/api/v1/lockers/${locker.id}/authenticator/${user}`));
    } finally {
      changed();
    }
  };
  return h('div', { class: 'acts' },
    act(`temporary-${locker.id}`, t('temporaryPin'), () => temporary(staff, locker)),
    act(`enrol-${locker.id}`, t('authenticator'), () => enrol(staff, locker, changed)),
    locker.authenticators.map(({ user, name }) => act(`revoke-${locker.id}-${user}`, t('revoke', { user: name }), () => revoke(user), { kind: 'plain' })));
}

function temporary(staff, locker) {
  const { dialog, heading, done } = dialogOf('temporary-title', `${t('temporaryPin')}: ${locker.name}`);
  const problem = h('p', { class: 'error', role: 'alert' });
  const box = h('select', { class: 'select' }, h('option', { value: '' }, t('anyBox')), locker.boxes.map(({ box_no: n }) => h('option', { value: n }, t('box', { n }))));
  const reason = h('textarea', { class: 'words', rows: 2, maxlength: 200, required: true });
  const submit = async (event) => {
    event.preventDefault();
    put(problem);
    try {
      const wish = { reason: reason.value, ...(box.value && { box_no: Number(box.value) }) };
      const { pin, box_no: n, minutes } = await staff.try(() => post(`/api/v1/lockers/${locker.id}/temporary-pin`, wish));
      put(dialog, heading, h('p', null, t('temporaryMade', { minutes })), h('output', { class: 'code' }, `${pin.slice(0, 4)} ${pin.slice(4)}`), h('p', null, n ? t('box', { n }) : t('anyBox')), done());
      heading.focus();
    } catch (error) {
      put(problem, said(error));
    }
  };
  put(dialog, h('form', { class: 'form', onsubmit: submit }, heading, h('p', { class: 'muted' }, t('temporaryLead')), problem,
    h('label', { class: 'field' }, h('span', null, t('whichBox')), box), h('label', { class: 'field' }, h('span', null, t('reason')), reason),
    h('div', { class: 'acts' }, act('cancel', t('cancel'), () => dialog.close()), h('button', { class: 'act act-primary' }, t('makePin')))));
  dialog.showModal();
}

function enrol(staff, locker, changed) {
  const { dialog, heading, done } = dialogOf('enrol-title', `${t('authenticator')}: ${locker.name}`);
  const problem = h('p', { class: 'error', role: 'alert' });
  const submit = async (event) => {
    event.preventDefault();
    put(problem);
    try {
      const { uri, png } = await staff.try(() => post(`/api/v1/lockers/${locker.id}/authenticator`, {}));
      put(dialog, heading, h('p', null, t('enrolMade')), h('img', { class: 'qr', src: `data:image/png;base64,${png}`, alt: t('enrolQr') }),
        h('p', null, h('a', { href: uri }, t('enrolHere'))), h('p', { class: 'muted uri' }, uri), done());
      heading.focus();
      changed();
    } catch (error) {
      put(problem, said(error));
    }
  };
  put(dialog, h('form', { class: 'form', onsubmit: submit }, heading, h('p', { class: 'muted' }, t('enrolLead')), problem,
    h('div', { class: 'acts' }, act('cancel', t('cancel'), () => dialog.close()), h('button', { class: 'act act-primary' }, t('enrol')))));
  dialog.showModal();
}
