// The numeric keypad. Its keys go to the locker, which decides what they do and what is heard; here is only the voice.

import { ask, Problem } from './api.js';
import { byId, param } from './dom.js';
import { hush, tell } from './sound.js';

/** The keys of a keypad by the names of KIOSK UX-6; the digits have their own. */
const NAMES = { NumpadEnter: 'confirm', NumpadSubtract: 'abort', NumpadAdd: 'help', NumpadMultiply: 'repeat' };
const headset = param('headset') === '1';
const always = param('keypad') === '1';

let awake = always;
let last = { step: '', say: [] };
let asked = 0;

/** Which key of the keypad this is, if it is one. */
export const keyOf = ({ code }) => /^Numpad([0-9])$/.exec(code)?.[1] ?? NAMES[code];

/** Whether somebody hears the screens. */
export const isAwake = () => awake;

/** A key was struck: the first one wakes the voice and does nothing else. */
export function strike(key, send) {
  hush();
  const woken = !awake;
  awake = true;
  if (woken || key === 'repeat') last = { step: '', say: [] };
  if (woken) hear();
  else send({ do: 'key', key, headset });
}

/** The session is over: the next person may see. */
export function rest() {
  if (always) return;
  awake = false;
  hush();
}

/** Says what is new on the screen: all of another step, of the same only the lines that were not there. */
export async function hear() {
  if (!awake) return;
  asked += 1;
  const mine = asked;
  try {
    const { step, locale, say } = await ask('GET', '/api/v1/heard');
    if (mine !== asked || !awake) return;
    const lines = step === last.step ? say.filter((line) => !last.say.includes(line)) : say;
    last = { step, say };
    if (!lines.length) return;
    byId('announce').textContent = lines.join('\n');
    tell(lines, locale);
  } catch (error) {
    // The status line says that the connection is lost.
    if (error instanceof Problem) throw error;
  }
}
