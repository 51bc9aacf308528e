// The list of pages.

import { byId, h, put } from './dom.js';
import { page } from './page.js';
import { t } from './strings.js';

page('index', () => {
  byId('main').classList.add('narrow');
  put(byId('main'), h('h1', null, t('index')), h('p', { class: 'lead' }, t('indexLead')),
    h('ul', { class: 'links' }, ['kiosk', 'top', 'cabinet', 'mailbox', 'tablet', 'office'].map((name) => h('li', null,
      h('a', { href: `${name}.html` }, h('b', null, t(`p_${name}`)), h('span', { class: 'muted' }, t(`d_${name}`)))))));
});
