// Sizes in millimetres. Text has at least the height that its viewing distance wants (KIOSK UX-4), touch targets at least
// 20 mm (UX-3), and both are larger where there is room. What does not fit is cut into pages. Only on a screen too small
// even for that do they give way, and the page says so: `data-gave`.

import { param } from './dom.js';

const MM_PER_INCH = 25.4;
/** 0.7 degrees of sight, as capital height per distance. */
const CAP_PER_DISTANCE = 0.01222;
const TEXT_MIN = 0.4;
/** The height of six buttons of 20 mm with their gaps: on a shorter screen they stand two abreast. */
const BAR_MM = 126;
/** The width of four languages and two tools beside each other: on a narrower screen they take two rows. */
const ROW_MM = 330;
/** Narrower than this, seen from 600 mm, a portrait has no room to spare. */
const NARROW_MM = 220;
/** Narrower than this, ten letters of 12 mm leave no room for margins, from wherever it is seen. */
const NARROW_KEYS_MM = 150;
/** Lower than this, four rows of digits leave no room for anything else. */
const LOW_MM = 240;

/** Sets `--mm`, `--cap` and the shape of the screen; called again when the window changes. */
export function measure(root) {
  const dpi = Number(param('dpi')) || 96 * devicePixelRatio;
  const mm = dpi / devicePixelRatio / MM_PER_INCH;
  const distance = Number(param('distance')) || 600;
  const width = innerWidth / mm;
  const height = innerHeight / mm;
  const shape = width < height ? 'portrait' : height < 140 ? 'compact' : 'landscape';
  root.style.setProperty('--mm', `${mm}px`);
  root.style.setProperty('--cap', distance * CAP_PER_DISTANCE);
  root.style.setProperty('--w', width);
  root.dataset.shape = shape;
  if (shape === 'portrait' && (width < NARROW_MM * distance / 600 || width < NARROW_KEYS_MM)) root.dataset.narrow = height < LOW_MM ? 'low' : 'high';
  else delete root.dataset.narrow;
  root.dataset.bar = (shape === 'portrait' ? width < ROW_MM * distance / 600 : height < BAR_MM) ? 'double' : 'single';
  // A large screen is looked at from further away and has room.
  const roomy = Math.min(1.45, Math.max(1, Math.min(width, height) / 205));
  root.style.setProperty('--roomy', roomy);
  return { shape, roomy };
}

/** The sizes that keep the rules, largest first: pairs of text and touch. */
function ladder(roomy) {
  const steps = [];
  for (let text = roomy; text > 1; text *= 0.94) steps.push([text, Math.min(1.25, text)]);
  return [...steps, [1, 1]];
}

/** What is left where nothing else helps: text gives way first. */
function lastResort() {
  const steps = [];
  for (let text = 0.94; text > TEXT_MIN; text *= 0.94) steps.push([text, text >= 0.6 ? 1 : text / 0.6]);
  return steps;
}

/**
 * Finds the largest sizes at which nothing overflows.
 * @param host the element that carries `--k` and `--ku`
 * @param fits says whether everything fits now
 * @param paged lists that may be cut into pages: each `{ rows, show(n) }`; tried before anything gives way
 * @param spare elements that may be left out before that
 */
export function fit(host, roomy, fits, { paged = [], spare = [] } = {}) {
  const steps = ladder(roomy);
  const set = ([text, touch]) => {
    host.style.setProperty('--k', text.toFixed(3));
    host.style.setProperty('--ku', touch.toFixed(3));
  };
  const tryAll = (list) => {
    let low = 0;
    let high = list.length - 1;
    let best = -1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      set(list[middle]);
      if (fits()) { best = middle; high = middle - 1; } else { low = middle + 1; }
    }
    set(list[best < 0 ? list.length - 1 : best]);
    return best >= 0;
  };
  host.removeAttribute('data-gave');
  const most = Math.max(1, ...paged.map((page) => page.rows));
  for (let rows = most; rows >= 1; rows -= 1) {
    for (const page of paged) page.show(Math.min(rows, page.rows));
    for (const hidden of spare.length ? [false, true] : [false]) {
      for (const element of spare) element.hidden = hidden;
      set(steps.at(-1));
      if (fits()) { tryAll(steps); return; }
    }
  }
  const less = lastResort();
  tryAll(less);
  host.dataset.gave = host.style.getPropertyValue('--k');
}

/** Whether an element holds its content. */
export const holds = (element) => element.scrollHeight <= element.clientHeight + 1 && element.scrollWidth <= element.clientWidth + 1;

/** Whether an area carries its blocks: letters may reach a little over their lines, as fonts do, and that is no overflow. */
export function carries(area) {
  const own = area.getBoundingClientRect();
  const within = (child) => { const box = child.getBoundingClientRect(); return box.top >= own.top - 1 && box.bottom <= own.bottom + 1; };
  return area.scrollWidth <= area.clientWidth + 1 && [...area.children].filter((child) => !child.hidden).every(within);
}

const LABELS = [1, 0.88, 0.77, 0.68, 0.6];

/**
 * Lets long labels of buttons give way before the whole screen has to; false when even that does not help.
 * @param together whether all labels keep one size
 */
export function fitLabels(host, together = false) {
  const all = [...host.querySelectorAll('.btn, .lang')].filter((button) => button.checkVisibility());
  let wide = all;
  for (const size of LABELS) {
    for (const button of wide) button.style.setProperty('--b', size);
    const fails = wide.filter((button) => !holds(button));
    if (!fails.length) return true;
    wide = together ? all : all.filter((button) => fails.includes(button) || fails.some((other) => twins(button, other)));
  }
  return false;
}

/** Cards of one row keep one size. */
const twins = (a, b) => a.parentElement === b.parentElement && a.matches('.door-card, .tile');
