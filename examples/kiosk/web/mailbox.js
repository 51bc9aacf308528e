// The mailbox of the demo: what would have been sent, newest first, live.

import { get, listen } from './api.js';
import { byId, h } from './dom.js';
import { icon } from './icons.js';
import { page, region } from './page.js';
import { t, when } from './strings.js';

let mails = null;
let known = new Set();

const { link } = page('mailbox', draw);

function draw() {
  byId('main').classList.add('narrow');
  const newest = [...(mails ?? [])].sort((a, b) => b.id - a.id);
  region(byId('main'), h('h1', null, t('mailbox')), h('p', { class: 'lead' }, t('mailboxLead')),
    mails && !newest.length && h('p', { class: 'panel muted' }, t('noMail')),
    newest.map((mail) => h('article', { class: `panel mail${known.size && !known.has(mail.id) ? ' is-new' : ''}` },
      h('header', null, h('span', { class: 'tag tag-good' }, icon(mail.channel === 'sms' ? 'phone' : 'mail'), t(`channel_${mail.channel}`)),
        h('span', null, t('to', { to: mail.to })), h('span', { class: 'muted' }, when(mail.at))),
      mail.subject && h('h2', null, mail.subject), h('pre', { 'data-mail': mail.id }, mail.body))));
}

function accept(list) {
  if (!list) return;
  const fresh = list.filter((mail) => !known.has(mail.id));
  mails = list;
  draw();
  if (known.size && fresh.length) byId('announce').textContent = fresh.map((mail) => mail.subject || t('messages')).join('. ');
  known = new Set(list.map((mail) => mail.id));
}

get('/api/v1/mailbox').then(accept, () => link(false));
listen('/api/v1/mailbox/events', { mailbox: accept }, link);
