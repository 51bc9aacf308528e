// What the locker says, by the ids of its texts: the catalogues of the core, as regular expressions, so that a test names a
// text and not its words.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

/** The languages, each with its own name. */
export const LANGUAGES = { en: 'English', fr: 'Français', nl: 'Nederlands', de: 'Deutsch' };
export const LOCALES = Object.keys(LANGUAGES);

const catalogues = Object.fromEntries(LOCALES.map((locale) => [locale, read(locale)]));

/** The texts of a catalogue by id, as they are written; one with plural forms has several lines. */
function read(locale) {
  const texts = new Map();
  let id;
  for (const line of readFileSync(new URL(`../../../locker-core/src/text/${locale}.ftl`, import.meta.url), 'utf8').split('\n')) {
    const [, name, words] = /^([a-z][a-z0-9-]*) = (.*)$/.exec(line) ?? [];
    if (name) texts.set(id = name, words);
    else if (id && /^(\s+\S|\})/.test(line)) texts.set(id, `${texts.get(id)}\n${line}`);
    else id = undefined;
  }
  return texts;
}

/** A blank may be one that does not break. */
const literally = (words) => words.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/\s+/g, '\\s+');

/** The source of an expression that matches a text; what is filled in matches anything, or the expressions of `args`. */
export function pattern(locale, id, args = {}) {
  const text = catalogues[locale].get(id);
  assert.ok(text, `${locale}.ftl has no ${id}`);
  const fill = (words) => words.split(/\{ (\$?[\w-]+) \}/)
    .map((part, at) => (at % 2 === 0 ? literally(part) : part.startsWith('$') ? args[part.slice(1)] ?? '.+' : pattern(locale, part, args))).join('');
  // Between the texts around them stand the lines of the plural forms: any of them.
  return text.split(/\{ \$\w+ ->([^]*?)\n\}/)
    .map((part, at) => (at % 2 === 0 ? fill(part) : `(?:${[...part.matchAll(/\[\w+\] (.+)/g)].map(([, form]) => fill(form)).join('|')})`)).join('');
}

/** Matches a text among others. */
export const part = (locale, id, args) => new RegExp(pattern(locale, id, args));

/** Matches a text that stands alone. */
export const whole = (locale, id, args) => new RegExp(`^\\s*${pattern(locale, id, args)}\\s*$`);

/** Fails unless these words are the text of that id in the language, and not its English. */
export function isIn(locale, { id, text }, where) {
  assert.match(text, whole(locale, id), `${where} in ${locale}`);
  if (locale !== 'en') assert.doesNotMatch(text, whole('en', id), `${where} in ${locale}`);
}
