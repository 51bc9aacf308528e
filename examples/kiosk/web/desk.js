// What the office and the tablet do alike: log in first, keep lists fresh, show one visit.

import { get, listen, Problem } from './api.js';
import { byId, put } from './dom.js';
import { page } from './page.js';
import { Staff } from './staff.js';
import { matching } from './visits.js';
import { lang } from './strings.js';

const AGAIN_MS = 2_000;
/** Several events at once lead to one request. */
const GATHER_MS = 120;

export class Desk {
  /**
   * @param title key of the page's title
   * @param sources what to keep fresh, for these staff: event name to path
   * @param parts `{ build(main), draw(what) }`: the page's frame, built once per language, and what fills it
   */
  constructor(title, sources, parts) {
    this.title = title;
    this.sources = sources;
    this.parts = parts;
    this.data = {};
    this.typed = '';
    this.wanted = new Set();
    this.staff = new Staff(() => this.changed());
    this.frame = page(title, () => this.#show(), () => this.staff.badge());
    this.#begin();
  }

  async #begin() {
    try {
      await this.staff.load();
      this.frame.link(true);
    } catch {
      this.frame.link(false);
      setTimeout(() => this.#begin(), AGAIN_MS);
    }
  }

  changed() {
    this.frame?.head();
    this.#show();
  }

  #show() {
    const main = byId('main');
    if (!this.staff || this.staff.me === undefined) return;
    if (!this.staff.me) { this.#showSignIn(main); return; }
    if (!this.stop) this.#listen();
    if (this.built !== lang()) {
      this.built = lang();
      main.replaceChildren();
      this.parts.build(main);
    }
    this.parts.draw();
  }

  #showSignIn(main) {
    this.stop?.();
    this.stop = null;
    const name = `sign-in ${lang()} ${this.staff.ended ?? false}`;
    if (this.built === name) return;
    this.built = name;
    if (!this.staff.ended) { this.data = {}; this.open = null; this.detail = null; this.typed = ''; }
    put(main, this.staff.signIn(this.title));
    main.querySelector('input')?.focus();
  }

  #listen() {
    // Who may see what can change with the next log-in only.
    this.kept = this.sources(this.staff);
    const handlers = Object.fromEntries(Object.keys(this.kept).map((name) => [name, () => this.refresh(name)]));
    handlers.log = () => this.parts.logged?.();
    this.stop = listen('/api/v1/office/events', handlers, (up) => {
      this.frame.link(up);
      if (up) for (const name of Object.keys(this.kept)) this.refresh(name);
    });
  }

  /** Fetches a list again, soon. */
  refresh(name) {
    this.wanted.add(name);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#fetch(), GATHER_MS);
  }

  async #fetch() {
    const names = [...this.wanted];
    this.wanted.clear();
    try {
      await this.staff.try(() => Promise.all(names.map(async (name) => { this.data[name] = await get(this.kept[name]); })));
      if (names.includes('visits')) await Promise.all([this.staff.load(), this.#detail()]);
      this.frame.link(true);
      this.parts.draw();
    } catch (error) {
      if (error instanceof Problem) return;
      this.frame.link(false);
      setTimeout(() => names.forEach((name) => this.refresh(name)), AGAIN_MS);
    }
  }

  /** Opens one visit, or none. */
  async look(id) {
    this.open = id;
    this.detail = this.data.visits?.find((visit) => visit.id === id) ?? null;
    this.parts.draw();
    await this.staff.try(() => this.#detail()).catch(() => {});
    this.parts.draw();
    byId('detail-title')?.focus();
  }

  async #detail() {
    const { open } = this;
    if (!open) return;
    try {
      const detail = await get(`/api/v1/visits/${open}`);
      if (this.open === open) this.detail = detail;
    } catch (error) {
      if (error instanceof Problem && error.status === 404) { this.open = null; this.detail = null; } else throw error;
    }
  }

  get visits() {
    return matching(this.data.visits ?? [], this.typed);
  }
}
