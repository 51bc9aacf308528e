// Sounds and speech of the kiosk.

import { param } from './dom.js';
import { word } from './words.js';

const TONES = {
  attention: [[784, 0, 0.16], [784, 0.24, 0.16]],
  problem: [[330, 0, 0.2], [247, 0.22, 0.3]],
  done: [[523, 0, 0.14], [659, 0.14, 0.14], [784, 0.28, 0.28]],
};
const quiet = param('sound') === '0';
const speaks = param('speak') === '1' && 'speechSynthesis' in window;
let context;
let spoken = [];

/** Plays the sound of a screen; silent where the browser does not allow it yet. */
export function play(name) {
  if (quiet || !TONES[name]) return;
  try {
    context ??= new AudioContext();
    if (context.state === 'suspended') context.resume();
    for (const [pitch, after, length] of TONES[name]) tone(pitch, context.currentTime + after, length);
  } catch {
    // No sound card: the screen says it too.
  }
}

function tone(pitch, start, length) {
  const wave = context.createOscillator();
  const loud = context.createGain();
  wave.type = 'sine';
  wave.frequency.value = pitch;
  loud.gain.setValueAtTime(0, start);
  loud.gain.linearRampToValueAtTime(0.22, start + 0.02);
  loud.gain.exponentialRampToValueAtTime(0.001, start + length);
  wave.connect(loud).connect(context.destination);
  wave.start(start);
  wave.stop(start + length + 0.05);
}

/** Says a screen's texts, in its language. */
export function speak(texts, locale) {
  spoken = texts.map((text) => [text, locale]);
  again();
}

/** Says lines to somebody who only hears, over whatever was being said. */
export function tell(lines, locale) {
  if (!('speechSynthesis' in window)) return;
  speechSynthesis.cancel();
  for (const line of lines) utter(line, locale);
}

/** Says the last screen once more. */
export function again() {
  if (!speaks) return;
  speechSynthesis.cancel();
  for (const [text, locale] of spoken) utter(text, locale);
}

/** Says what a key did: a masked digit is a star, never the digit. */
export function speakKey(key, locale, masked) {
  if (!speaks) return;
  speechSynthesis.cancel();
  utter(key === 'erase' ? word(locale, 'erased') : masked ? word(locale, 'star') : String(key), locale);
}

/** A touch interrupts. */
export const hush = () => { if ('speechSynthesis' in window) speechSynthesis.cancel(); };

function utter(text, locale) {
  const utterance = new SpeechSynthesisUtterance(text);
  utterance.lang = locale;
  speechSynthesis.speak(utterance);
}
