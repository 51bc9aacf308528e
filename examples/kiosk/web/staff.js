// What the office and the tablet share: logging in, tickets, the security code, the scanner.

import { ask, get, post, Problem } from './api.js';
import { byId, h, put } from './dom.js';
import { art, icon } from './icons.js';
import { act } from './page.js';
import { Scanner } from './scanner.js';
import { t } from './strings.js';

/** What to tell a person about an error. */
export const said = (error) => (error instanceof Problem ? [error.message, error.after > 0 && `${t('waitSeconds', { n: error.after })}.`].filter(Boolean).join(' ') : t('unreachable'));

/** The choice of who gets the PIN; an empty list says why and whom to ask. */
class Contacts {
  constructor(contacts) {
    this.isEmpty = !contacts.length;
    this.chosen = this.isEmpty ? null : choiceOf(contacts[0]);
    const row = (contact, at) => h('label', { class: 'choice' }, h('input', { type: 'radio', name: 'contact', checked: at === 0, onchange: () => { this.chosen = choiceOf(contact); } }),
      h('span', null, contact.to_masked, ' ', h('small', { class: 'muted' }, [t(`channel_${contact.channel}`), t(contact.contact === 'added' ? 'contact_added' : `contact_${contact.kind}`)].join(' · '))));
    this.element = this.isEmpty
      ? h('p', { class: 'error' }, t('noContact'))
      : h('fieldset', { class: 'field' }, h('legend', null, t('whoGetsPin')), contacts.map(row));
  }
}

/** The contact as the program interface names it. */
const choiceOf = ({ contact, index }) => (contact === 'added' ? { contact } : { contact, index });

/** The person, the ticket, and what to do when they change. */
export class Staff {
  constructor(changed) {
    this.changed = changed;
    this.me = undefined;
    this.result = null;
    this.scanner = new Scanner((payload) => this.scan({ payload }));
    setInterval(() => this.#tick(), 500);
  }

  /** Asks who is logged in; an answer of 401 shows the login. */
  async load() {
    try {
      const { user, ticket, location: place, security_code: code } = await get('/api/v1/me');
      const other = ticket?.id !== this.ticket?.id;
      this.me = user;
      this.place = place;
      // The older edition has neither a security code nor a start screen.
      this.needsCode = code.state !== 'not_needed';
      this.ticket = ticket;
      if (other) this.total = ticket ? Math.max(1, Date.parse(ticket.expires_at) - Date.now()) : 0;
    } catch (error) {
      if (error instanceof Problem && error.status === 401) this.me = null;
      else throw error;
    }
    this.changed();
    return this.me;
  }

  /** Runs a request; a session that ended asks for the login and keeps the page. */
  async try(work) {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Problem && error.status === 401 && this.me) { this.me = null; this.ended = true; this.changed(); }
      throw error;
    }
  }

  may(right) {
    return this.me?.rights?.includes(right) ?? false;
  }

  isAdmin() {
    return this.me?.role === 'dealer_admin';
  }

  // ---- logging in ----

  signIn(title) {
    const problem = h('p', { class: 'error', role: 'alert' }, this.ended ? t('expired') : '');
    const user = h('input', { class: 'input', name: 'user', autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false', required: true, value: this.typedUser ?? '', oninput: () => { this.typedUser = user.value; } });
    const password = h('input', { class: 'input', name: 'password', type: 'password', autocomplete: 'current-password', required: true });
    const submit = async (event) => {
      event.preventDefault();
      put(problem);
      try {
        await post('/api/v1/login', { user: user.value, password: password.value });
        this.ended = false;
        await this.load();
      } catch (error) {
        put(problem, said(error));
        password.select();
      }
    };
    return h('div', { class: 'sign-in' }, h('form', { class: 'panel', onsubmit: submit }, h('h1', null, t(title)), h('p', { class: 'lead' }, t('signInLead')), problem,
      h('label', { class: 'field' }, h('span', null, t('user')), user), h('label', { class: 'field' }, h('span', null, t('password')), password),
      h('button', { class: 'act act-primary act-big', 'data-key': 'sign-in' }, t('signIn'))));
  }

  async signOut() {
    this.scanner.stop();
    try { await post('/api/v1/logout'); } finally { this.me = null; this.ticket = null; this.result = null; this.changed(); }
  }

  /** Name and logout for the header. */
  badge() {
    if (!this.me) return [];
    return [h('span', { class: 'who' }, icon('user', 'icon vh'), `${this.me.name} · ${t(`role_${this.me.role}`)}`), act('sign-out', t('signOut'), () => this.signOut(), { kind: 'plain' })];
  }

  // ---- tickets ----

  /**
   * Asks for the security code and then for a ticket. `request` is `{ act, visit }` or `{ act, box_no, locker }`; with
   * `contacts`, one of them is chosen to get the PIN (STAFF-DROP-2).
   */
  askTicket(request, title, contacts) {
    const problem = h('p', { class: 'error', role: 'alert' });
    const choice = contacts && new Contacts(contacts);
    const bare = !this.needsCode;
    const code = h('input', { class: 'input', inputmode: 'numeric', autocomplete: 'off', maxlength: 4, pattern: '[0-9]{4}', required: !bare, 'aria-describedby': 'security-lead' });
    const dialog = h('dialog', { 'aria-labelledby': 'security-title', onclose: () => dialog.remove() });
    const submit = async (event) => {
      event.preventDefault();
      put(problem);
      try {
        await this.try(() => post('/api/v1/tickets', { ...request, ...(choice && { to: choice.chosen }), security_code: code.value }));
        dialog.close();
        this.result = null;
        await this.load();
        byId('ticket')?.scrollIntoView({ block: 'nearest' });
        byId('ticket')?.querySelector('h2')?.focus();
      } catch (error) {
        put(problem, said(error));
        code.select();
      }
    };
    put(dialog, h('form', { class: 'form', onsubmit: submit }, h('h2', { id: 'security-title' }, title), !bare && h('p', { id: 'security-lead', class: 'muted' }, t('securityLead')), problem,
      !bare && h('label', { class: 'field' }, h('span', null, t('securityCode')), code), choice?.element,
      h('div', { class: 'acts' }, act('cancel', t('cancel'), () => dialog.close()), h('button', { class: 'act act-primary', disabled: choice?.isEmpty }, t('getTicket')))));
    document.body.append(dialog);
    dialog.showModal();
    if (!bare) code.focus();
  }

  /** Has the PIN of a key that waits for its customer sent again (STAFF-DROP-6). */
  askSendAgain(visit, sent) {
    const problem = h('p', { class: 'error', role: 'alert' });
    const choice = new Contacts(visit.contacts);
    const dialog = h('dialog', { 'aria-labelledby': 'again-title', onclose: () => dialog.remove() });
    const submit = async (event) => {
      event.preventDefault();
      put(problem);
      try {
        await this.try(() => post(`/api/v1/visits/${visit.id}/send-again`, { to: choice.chosen }));
        dialog.close();
        byId('announce').textContent = t('sentAgain');
        sent();
      } catch (error) {
        put(problem, said(error));
      }
    };
    put(dialog, h('form', { class: 'form', onsubmit: submit }, h('h2', { id: 'again-title' }, `${t('sendAgain')}: ${visit.plate}`), h('p', { class: 'muted' }, t('sendAgainLead')), problem, choice.element,
      h('div', { class: 'acts' }, act('cancel', t('cancel'), () => dialog.close()), h('button', { class: 'act act-primary', disabled: choice.isEmpty }, t('send')))));
    document.body.append(dialog);
    dialog.showModal();
  }

  async giveUp() {
    this.scanner.stop();
    try { await this.try(() => ask('DELETE', '/api/v1/tickets/current')); } catch (error) { this.problem = said(error); }
    await this.load();
  }

  async scan(body) {
    this.problem = '';
    const { act: kind } = this.ticket ?? {};
    try {
      const { box_no: box } = await this.try(() => post('/api/v1/scan', body));
      this.scanner.stop();
      this.result = { box, kind };
      this.typedDigits = '';
      await this.load();
      if (navigator.vibrate) navigator.vibrate(120);
      byId('result')?.focus();
    } catch (error) {
      this.problem = said(error);
      this.#tellProblem();
    }
  }

  /** The panel of the ticket in hand, of the result of a scan, or nothing. */
  ticketPanel() {
    if (this.result) return this.#resultPanel();
    if (!this.ticket) { this.scanner.stop(); this.panel = null; return null; }
    // The panel is built once per ticket, so that the camera and typed digits survive a redraw.
    const name = JSON.stringify([this.ticket.id, document.documentElement.lang]);
    if (this.panel?.dataset.ticket !== name) this.panel = this.#ticketPanel(name);
    return this.panel;
  }

  #ticketPanel(name) {
    const { ticket } = this;
    const digits = h('input', { class: 'input', inputmode: 'numeric', autocomplete: 'off', maxlength: 9, placeholder: '', value: this.typedDigits ?? '', 'aria-describedby': 'scan-problem', oninput: () => { this.typedDigits = digits.value; } });
    const submit = (event) => {
      event.preventDefault();
      const plain = digits.value.replace(/\D/g, '');
      if (plain.length === 8) this.scan({ digits: plain });
      else { this.problem = t('digitsWrong'); this.#tellProblem(); digits.focus(); }
    };
    const element = h('section', { id: 'ticket', class: 'panel ticket', 'data-ticket': name, 'aria-labelledby': 'ticket-title' },
      h('header', null, h('h2', { id: 'ticket-title', tabindex: -1 }, t(`ticket_${ticket.act}`, { n: ticket.box_no, locker: ticket.locker })), h('p', { class: 'time', role: 'timer', 'data-time': true })),
      h('div', { class: 'drain', 'aria-hidden': 'true' }), h('p', null, t(this.needsCode ? `how_${ticket.act}` : 'how_welcome')),
      h('p', { id: 'scan-problem', class: 'error', role: 'alert' }, this.problem ?? ''), this.scanner.element(),
      h('form', { class: 'form', onsubmit: submit }, h('div', { class: 'digits' }, h('label', { class: 'field' }, h('span', null, t('digits')), digits), h('button', { class: 'act' }, t('send')))),
      h('div', { class: 'acts' }, act('give-up', t('giveUp'), () => this.giveUp(), { kind: 'plain', picture: 'close' })));
    queueMicrotask(() => this.#tick());
    return element;
  }

  #resultPanel() {
    const { box, kind } = this.result;
    return h('section', { id: 'result', class: 'panel ticket', tabindex: -1, 'aria-labelledby': 'result-title' }, h('div', { class: 'big-result', role: 'status' }, art('done'),
      h('h2', { id: 'result-title', class: 'huge' }, t('opened', { n: box })), h('p', null, t(`openedLead_${kind ?? 'pick_up'}`))),
    act('result-done', t('done'), () => { this.result = null; this.changed(); }, { kind: 'primary', picture: 'check' }));
  }

  #tellProblem() {
    const line = byId('scan-problem');
    if (line) put(line, this.problem);
  }

  #tick() {
    const line = document.querySelector('[data-time]');
    if (!line || !this.ticket) return;
    const left = Date.parse(this.ticket.expires_at) - Date.now();
    if (left <= 0) {
      this.scanner.stop();
      this.ticket = null;
      this.gone = true;
      this.load().catch(() => this.changed());
      byId('announce').textContent = t('ticketGone');
      return;
    }
    const seconds = Math.ceil(left / 1000);
    const clock = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
    const text = t('timeLeft', { t: clock });
    if (line.textContent !== text) line.textContent = text;
    line.closest('.ticket').querySelector('.drain').style.setProperty('--part', Math.min(1, left / (this.total || left)));
  }
}
