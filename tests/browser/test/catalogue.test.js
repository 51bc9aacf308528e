// What the walks hold the screens against: a text of another language, of another id, or with something else filled in is seen.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isIn, part, pattern, whole } from '../lib/catalogue.js';

test('a title in English, of another text, or left empty fails a walk in French', () => {
  const id = 'drop-method-title';
  isIn('fr', { id, text: 'Comment souhaitez-vous commencer ?' }, 'drop.method');
  for (const text of ['How would you like to begin?', 'Retirer une clé', '', 'drop-method-title']) {
    assert.throws(() => isIn('fr', { id, text }, 'drop.method'), assert.AssertionError, text);
  }
  assert.throws(() => pattern('fr', 'no-such-text'), /fr\.ftl has no no-such-text/);
});

test('what is filled in, plural forms and labels of buttons are read as the locker fills them in', () => {
  assert.match('Fach 12', whole('de', 'serve-title', { box: 12 }));
  assert.doesNotMatch('Fach 12', whole('de', 'serve-title', { box: 1 }));
  assert.match('It stays valid for 30 minutes.', whole('en', 'drop-sent', { minutes: 30 }));
  assert.doesNotMatch('It stays valid for 20 minutes.', whole('en', 'drop-sent', { minutes: 30 }));
  assert.match('A code alone is not enough for now. Try again in a few minutes.', whole('en', 'drop-pin-locked'));
  // A button that is named in a text has its own label there, between blanks that do not break.
  assert.match('Le code QR s’est fermé. Touchez «\u00a0Nouveau code QR\u00a0» pour continuer.', part('fr', 'qr-closed'));
});
