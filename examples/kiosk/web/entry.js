// The text entry of a step: what was typed here wins until the locker has taken it.

import { put } from './dom.js';
import { keyboard } from './keyboard.js';
import { word } from './words.js';

const HOLD_MS = 450;
const REPEAT_MS = 90;

export class Entry {
  /** @param write sends the whole text; @param locale says the language now */
  constructor(write, locale) {
    this.write = write;
    this.locale = locale;
    this.step = null;
    this.layer = 'letters';
    this.shift = true;
  }

  /** Takes the entry of a new screen; a step that stays keeps its text and its layer. */
  begin(step, widget) {
    if (this.step !== step) {
      this.layer = 'letters';
      this.text = widget.value;
      this.shift = widget.value === '';
    }
    this.step = step;
    this.widget = widget;
  }

  /** Forgets what was typed: the step is over. */
  end() {
    this.step = null;
    this.text = '';
    this.field = null;
  }

  mount(field, count) {
    this.field = field;
    this.count = count;
    field.value = this.text;
    this.#say();
  }

  /** The locker's text, once nothing typed here is under way. */
  settle(value) {
    this.text = value;
    if (!this.field || this.field.value === value) return;
    this.field.value = value;
    this.#say();
  }

  keys() {
    this.board = keyboard({ kind: this.widget.kind, locale: this.locale(), layer: this.layer, shift: this.shift }, {
      key: (text) => this.insert(text),
      erase: () => this.#hold(),
      layer: (name) => { this.layer = name; this.#redraw(0); },
      shift: () => { this.shift = !this.shift; this.#redraw(0); },
    });
    return this.board;
  }

  /** Puts a character where the caret is. */
  insert(text) {
    const { field } = this;
    const letter = this.widget.kind !== 'remark' ? text.toUpperCase() : this.shift ? text : text.toLowerCase();
    if ([...field.value].length >= this.widget.chars_max) return;
    field.setRangeText(letter, field.selectionStart, field.selectionEnd, 'end');
    this.typed(field);
  }

  erase() {
    const { field } = this;
    const from = field.selectionStart === field.selectionEnd ? Math.max(0, field.selectionStart - 1) : field.selectionStart;
    field.setRangeText('', from, field.selectionEnd, 'end');
    this.typed(field);
  }

  /** The field changed, by a key here or by a keyboard plugged in. */
  typed(field) {
    const most = [...field.value.replace(/[\r\n]+/g, ' ')].slice(0, this.widget.chars_max).join('');
    if (most !== field.value) field.value = most;
    if (field.value === this.text) return;
    this.text = field.value;
    field.scrollTop = field.scrollHeight;
    this.#say();
    this.write(this.text);
    const shift = this.text === '' || /[.!?]\s$/.test(this.text);
    if (this.widget.kind === 'remark' && shift !== this.shift) {
      this.shift = shift;
      this.#redraw(REPEAT_MS);
    }
  }

  #say() {
    put(this.count, word(this.locale(), 'chars', { n: [...this.field.value].length, max: this.widget.chars_max }));
  }

  /** A held erase key repeats. */
  #hold() {
    this.erase();
    let timer = setTimeout(function repeat(entry) { entry.erase(); timer = setTimeout(repeat, REPEAT_MS, entry); }, HOLD_MS, this);
    for (const end of ['pointerup', 'pointercancel', 'keyup', 'blur']) addEventListener(end, () => clearTimeout(timer), { once: true });
  }

  /** Drawn a moment later, so that the pressed key is seen pressed. */
  #redraw(after) {
    clearTimeout(this.later);
    this.later = setTimeout(() => {
      if (!this.field) return;
      const old = this.board;
      const focused = old.contains(document.activeElement) && document.activeElement.dataset.key;
      old.replaceWith(this.keys());
      if (focused) this.board.querySelector(`[data-key="${CSS.escape(focused)}"]`)?.focus();
    }, after);
  }
}
