// The frame of the office, tablet, cabinet and mailbox pages: header, language, appearance, connection line.

import { byId, h, put } from './dom.js';
import { icon } from './icons.js';
import { linkLine } from './api.js';
import { LANGUAGES, choose, lang, t } from './strings.js';

const THEMES = ['auto', 'light', 'dark'];
let redraw = () => {};

/**
 * Sets the page up.
 * @param title key of the page's title
 * @param draw draws everything anew; called at once and when the language changes
 * @param extras what else stands in the header
 * @returns `{ link, head }`: `link` is told whether the connection stands, `head` draws the header anew
 */
export function page(title, draw, extras = () => []) {
  theme(new URLSearchParams(location.search).get('theme') ?? stored('theme') ?? 'auto');
  const head = () => {
    document.documentElement.lang = lang();
    document.title = t(title);
    region(byId('header'), h('a', { class: 'brand', href: 'index.html' }, icon('key'), h('span', null, t(title))), h('div', { class: 'header-tools' }, extras(), pickers()));
  };
  redraw = () => { head(); draw(); };
  redraw();
  return { link: linkLine(byId('status'), () => t('lost')), head };
}

function pickers() {
  const now = stored('theme') ?? 'auto';
  return [
    h('label', { class: 'pick' }, h('span', { class: 'vh' }, t('language')), h('select', { 'data-key': 'language', onchange: (event) => { choose(event.target.value); redraw(); } },
      LANGUAGES.map(([value, name]) => h('option', { value, lang: value, selected: value === lang() }, name)))),
    h('label', { class: 'pick' }, h('span', { class: 'vh' }, t('theme')), h('select', { 'data-key': 'theme', onchange: (event) => { store('theme', event.target.value); theme(event.target.value); } },
      THEMES.map((value) => h('option', { value, selected: value === now }, t(`theme${value[0].toUpperCase()}${value.slice(1)}`))))),
  ];
}

function theme(name) {
  if (name === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = name;
}

function stored(name) {
  try { return localStorage.getItem(name); } catch { return null; }
}

function store(name, value) {
  try { localStorage.setItem(name, value); } catch { /* Private mode: it holds until the page is left. */ }
}

/** Redraws a region and keeps the focus on the same control. */
export function region(element, ...children) {
  const key = element.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  put(element, ...children);
  if (key) element.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus();
}

/** A button with an icon. */
export const act = (key, label, onclick, { kind = 'secondary', picture, disabled, ...rest } = {}) => h('button', { type: 'button', class: `act act-${kind}`, 'data-key': key, onclick,
  'aria-disabled': disabled ? 'true' : null, ...rest }, picture && icon(picture), h('span', null, label));

/** A switch: a checkbox that says on or off. */
export const toggle = (key, label, checked, onchange) => h('label', { class: 'switch' }, h('input', { type: 'checkbox', role: 'switch', 'data-key': key, checked, onchange }), h('span', { class: 'switch-track', 'aria-hidden': 'true' }), h('span', { class: 'switch-label' }, label));
