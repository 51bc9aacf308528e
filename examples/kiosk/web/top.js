// The top screen: what a bystander may see. It draws the same view model and takes no touch.

import { listen, linkLine } from './api.js';
import { byId, h, param, put } from './dom.js';
import { icon } from './icons.js';
import { fit, holds, measure } from './fit.js';
import { builders } from './widgets.js';
import { word } from './words.js';

const SHOWN = new Set(['steps', 'map', 'box_number', 'busy']);
const root = byId('top');
let screen = null;
let drawn = '';

if (param('theme')) document.documentElement.dataset.theme = param('theme');

listen('/api/v1/events?surface=top', { screen: accept }, linkLine(byId('status'), () => word(screen?.locale ?? 'en', 'lost')));

function accept(next) {
  if (!next || JSON.stringify(next) === drawn) return;
  drawn = JSON.stringify(next);
  screen = next;
  draw();
}

function draw() {
  const { locale, title, lines, notice, widgets, locker, band } = screen;
  const ctx = { screen, locale, live: [], paged: [], pages: {}, rows: {} };
  document.documentElement.lang = locale;
  document.title = locker;
  byId('band').hidden = !band;
  if (band) put(byId('band'), icon('alert'), h('span', null, band.text));
  const built = widgets.filter(({ widget }) => SHOWN.has(widget)).map((widget) => ({ widget, element: builders[widget.widget](widget, ctx, 0) }));
  const beside = built.filter(({ widget }) => widget.widget !== 'map').map(({ element }) => element);
  // The locker's name stands there once.
  put(byId('talk'), h('p', { class: 'locker' }, icon('key'), title.text !== locker && h('span', null, locker)), h('h1', null, title.text), beside,
    lines.map((line, at) => (at === lines.length - 1 && screen.id === 'top.start' ? h('p', { class: 'line down' }, icon('low'), h('span', null, line.text)) : h('p', { class: 'line' }, line.text))),
    notice && h('p', { class: 'notice' }, notice.text.text));
  put(byId('work'), built.filter(({ widget }) => widget.widget === 'map').map(({ element }) => element));
  layout();
}

function layout() {
  measure(root);
  fit(byId('stage'), 1.25, () => holds(byId('stage')) && holds(byId('talk')) && byId('work').clientHeight > innerHeight * 0.3);
}

addEventListener('resize', () => { if (screen) layout(); });
