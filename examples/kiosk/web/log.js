// The activity log (OFFICE-8): who did what when, newest first, in pages; for who may read it.

import { get } from './api.js';
import { h } from './dom.js';
import { what } from './logwords.js';
import { act, region } from './page.js';
import { said } from './staff.js';
import { t, when } from './strings.js';

const ROWS = 25;

export class Log {
  /** @param desk the page it stands on: its staff, work orders, lockers and people are read */
  constructor(desk) {
    this.desk = desk;
    this.wanted = { user: '', box_no: '', visit: '' };
    this.rows = [];
  }

  /** The section; nothing without the right. Built once per language. */
  element() {
    if (!this.desk.staff.may('log.read')) { this.body = null; return null; }
    this.filters = h('div', { class: 'filters' });
    this.table = h('div', { class: 'col' });
    this.body = h('div', { class: 'col' }, this.filters, this.table);
    const details = h('details', { class: 'panel', open: this.open, ontoggle: () => { this.open = details.open; if (this.open) this.refresh(); } },
      h('summary', null, h('h2', { id: 'log-title' }, t('log'))), this.body);
    if (this.open) this.refresh();
    return details;
  }

  /** Shows the log of one work order. */
  async of(visit) {
    this.wanted = { user: '', box_no: '', visit: String(visit) };
    this.rows = [];
    this.open = true;
    const details = this.body?.closest('details');
    if (!details) return;
    details.open = true;
    await this.refresh();
    details.scrollIntoView({ block: 'start' });
    details.querySelector('summary').focus({ preventScroll: true });
  }

  /** Reads the newest rows again; with `more`, older ones too. */
  async refresh(more = false) {
    if (!this.open || !this.body) return;
    const query = new URLSearchParams(Object.entries(this.wanted).filter(([, value]) => value));
    // What was turned to stays in sight when something new comes.
    query.set('limit', String(more ? ROWS : Math.min(200, Math.max(ROWS, this.rows.length))));
    if (more) query.set('before', String(this.rows.at(-1).seq));
    const asked = query.toString();
    this.asked = asked;
    try {
      const page = await this.desk.staff.try(() => get(`/api/v1/log?${query}`));
      if (this.asked !== asked) return;
      this.rows = more ? [...this.rows, ...page.rows] : page.rows;
      this.more = page.more;
      this.problem = '';
    } catch (error) {
      this.problem = said(error);
    }
    this.draw();
  }

  draw() {
    if (!this.body || !this.open) return;
    const choices = this.#choices();
    // A list that somebody has open stays open while news come in.
    const name = JSON.stringify(choices);
    if (this.filters.dataset.choices !== name) {
      this.filters.dataset.choices = name;
      region(this.filters, choices.map((choice) => this.#filter(choice)));
    }
    region(this.table, h('p', { class: 'error', role: 'alert' }, this.problem), this.rows.length ? this.#table() : h('p', { class: 'muted' }, t('logEmpty')),
      this.more && h('div', { class: 'acts' }, act('log-more', t('logMore'), () => this.refresh(true))));
  }

  #filter({ name, label, all }) {
    return h('label', { class: 'field' }, h('span', null, label), h('select', { 'data-key': `log-${name}`, onchange: (event) => { this.wanted[name] = event.target.value; this.rows = []; this.refresh(); } },
      h('option', { value: '' }, t('logAll')), all.map(([value, words]) => h('option', { value, selected: String(value) === this.wanted[name] }, words))));
  }

  /** What can be chosen, and what is. */
  #choices() {
    const { data } = this.desk;
    const choice = (name, label, all) => ({ name, label, all, chosen: this.wanted[name] });
    const boxes = (data.lockers ?? []).flatMap((locker) => locker.boxes.map(({ box_no: n }) => [n, t('box', { n })]));
    const visits = (data.visits ?? []).map((visit) => [visit.id, visit.plate]);
    if (this.wanted.visit && !visits.some(([id]) => String(id) === this.wanted.visit)) visits.push([this.wanted.visit, `${t('order')} ${this.wanted.visit}`]);
    return [choice('user', t('person'), (data.users ?? []).map((user) => [user.id, user.name])), choice('visit', t('order'), visits), choice('box_no', t('boxOne'), boxes)];
  }

  #table() {
    const cell = (...parts) => h('td', null, parts.filter(Boolean).join(' · ') || '—');
    return h('div', { class: 'table', tabindex: 0, role: 'region', 'aria-labelledby': 'log-title' }, h('table', null, h('thead', null, h('tr', null, ['logWhen', 'logWho', 'logWhat', 'logWhere'].map((key) => h('th', { scope: 'col' }, t(key))))),
      h('tbody', null, this.rows.map((row) => h('tr', null, cell(when(row.at)), cell(row.name), cell(what(row.kind), row.denied, row.reason && `${t('reason')}: ${reasonWords(row)}`), cell(row.locker, row.box_no && t('box', { n: row.box_no }), row.plate))))));
  }
}

/** The reason in the user's words, or that which was chosen at the kiosk. */
const reasonWords = ({ kind, reason }) => (kind === 'fact.opened_by_code' ? t(`opened_${reason}`) : reason);
