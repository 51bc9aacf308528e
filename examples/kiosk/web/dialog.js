// Dialogs of the staff pages: a heading, what is asked, what went wrong, and what is shown when it is done.

import { h, put } from './dom.js';
import { act } from './page.js';
import { said } from './staff.js';
import { t } from './strings.js';

/** Opens a dialog; what it holds is gone when it closes. */
export function dialogOf(name, title) {
  const dialog = h('dialog', { 'aria-labelledby': name, onclose: () => dialog.remove() });
  const heading = h('h2', { id: name, tabindex: '-1' }, title);
  document.body.append(dialog);
  return { dialog, heading, done: () => h('div', { class: 'acts' }, act('close', t('close'), () => dialog.close(), { kind: 'primary' })) };
}

/**
 * Asks before something is done. `work` does it; what it gives is shown in the place of the question, or the dialog closes
 * when it gives nothing. What goes wrong is said, and the question stays.
 */
export function question(name, title, body, label, work, kind = 'primary') {
  const { dialog, heading, done } = dialogOf(name, title);
  const problem = h('p', { class: 'error', role: 'alert' });
  const submit = async (event) => {
    event.preventDefault();
    put(problem);
    try {
      const shown = await work();
      if (!shown) { dialog.close(); return; }
      put(dialog, heading, shown, done());
      heading.focus();
    } catch (error) {
      put(problem, said(error));
    }
  };
  put(dialog, h('form', { class: 'form', onsubmit: submit }, heading, body, problem,
    h('div', { class: 'acts' }, act('cancel', t('cancel'), () => dialog.close()), h('button', { class: `act act-${kind}` }, label))));
  dialog.showModal();
}
