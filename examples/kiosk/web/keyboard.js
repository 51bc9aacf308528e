// The on-screen keyboards: letters for a registration or a remark, a pad for a phone number.

import { h } from './dom.js';
import { icon } from './icons.js';
import { word } from './words.js';

const ROWS = {
  fr: ['azertyuiop', 'qsdfghjklm', 'wxcvbn'],
  de: ['qwertzuiop', 'asdfghjkl', 'yxcvbnm'],
  en: ['qwertyuiop', 'asdfghjkl', 'zxcvbnm'],
};
const ACCENTS = { fr: ['éèêëàâçùû', 'îïôœæ'], de: ['äöüß', 'éèà'], en: ['éèêëàâçùû', 'îïôöü'] };
const SIGNS = ['.,:;?!\'"-', '()/@+&%€=', '_*#'];

/**
 * A keyboard for an entry.
 * @param entry `{ kind, locale, layer, shift }`
 * @param on `{ key(text), erase(), layer(name), shift() }`
 */
export function keyboard(entry, on) {
  if (entry.kind === 'phone') return phonePad(entry, on);
  const { kind, locale } = entry;
  const capital = kind === 'registration' || entry.shift;
  const letters = ROWS[locale] ?? ROWS.en;
  const layers = { letters, accents: ACCENTS[locale] ?? ACCENTS.en, signs: SIGNS };
  const show = (c) => (capital && c !== 'ß' ? c.toLocaleUpperCase(locale) : c);
  const keys = (row) => [...row].map((c) => charKey(show(c), on));
  const lines = layers[entry.layer ?? 'letters'].map(keys);
  const rows = [[...'1234567890'].map((c) => charKey(c, on)), ...lines];
  const erase = special('erase', word(locale, 'erase'), () => on.erase(), 'erase');
  if (kind === 'registration') {
    rows.at(-1).push(charKey('-', on), erase);
  } else {
    rows.at(-1).unshift(special('shift', word(locale, 'shift'), () => on.shift(), 'shift', entry.shift));
    rows.at(-1).push(erase);
    rows.push(lastRow(entry, on));
  }
  return h('div', { class: `keyboard keyboard-${kind}`, role: 'group' }, rows.map((row) => h('div', { class: 'kb-row' }, row)));
}

function lastRow({ layer, locale }, on) {
  const to = (name, text, label) => h('button', { type: 'button', class: `kb-key kb-wide${layer === name ? ' is-on' : ''}`, 'data-key': `layer-${name}`,
    'aria-pressed': String(layer === name), 'aria-label': label, 'data-quick': true, onquick: () => on.layer(layer === name ? 'letters' : name) }, text);
  return [to('signs', '?!&', word(locale, 'symbols')), to('accents', 'éàç', 'é à ç'), charKey(',', on),
    h('button', { type: 'button', class: 'kb-key kb-space', 'data-key': 'space', 'data-quick': true, onquick: () => on.key(' ') }, word(locale, 'space')), charKey('.', on)];
}

function phonePad({ locale }, on) {
  const rows = ['123', '456', '789', '+0'].map((row) => [...row].map((c) => charKey(c, on)));
  rows.at(-1).push(special('erase', word(locale, 'erase'), () => on.erase(), 'erase'));
  return h('div', { class: 'keyboard keyboard-phone', role: 'group' }, rows.map((row) => h('div', { class: 'kb-row' }, row)));
}

const charKey = (c, on) => h('button', { type: 'button', class: 'kb-key', 'data-key': `char-${c}`, 'data-quick': true, onquick: () => on.key(c) }, c);

const special = (key, label, act, name, pressed) => h('button', { type: 'button', class: `kb-key kb-special${pressed ? ' is-on' : ''}`, 'data-key': key,
  'aria-label': label, 'aria-pressed': pressed === undefined ? null : String(Boolean(pressed)), 'data-quick': true, onquick: act }, icon(name));
