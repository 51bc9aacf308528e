// Sizes in millimetres. Text begins at the height its viewing distance wants and touch targets at 20 mm; both give way
// only when the screen physically cannot hold them, text first.

import { param } from './dom.js';

const MM_PER_INCH = 25.4;
/** 0.7 degrees of sight, as capital height per distance. */
const CAP_PER_DISTANCE = 0.01222;
const TEXT_MIN = 0.4;
const BAR_MM = 155;

/** Sets `--mm`, `--cap` and the shape of the screen; called again when the window changes. */
export function measure(root) {
  const dpi = Number(param('dpi')) || 96 * devicePixelRatio;
  const mm = dpi / devicePixelRatio / MM_PER_INCH;
  const distance = Number(param('distance')) || 600;
  const width = innerWidth / mm;
  const height = innerHeight / mm;
  const shape = width < height ? 'portrait' : height < 118 ? 'compact' : 'landscape';
  root.style.setProperty('--mm', `${mm}px`);
  root.style.setProperty('--cap', distance * CAP_PER_DISTANCE);
  root.style.setProperty('--w', width);
  root.dataset.shape = shape;
  // Help, stop and four languages at 20 mm, with their gaps: on a shorter side they stand two abreast.
  root.dataset.bar = Math.min(width, height) < BAR_MM ? 'double' : 'single';
  // A large screen is looked at from further away and has room.
  const roomy = Math.min(1.45, Math.max(1, Math.min(width, height) / 205));
  root.style.setProperty('--roomy', roomy);
  return { shape, roomy };
}

/** The sizes to try, largest first: pairs of text and touch. */
function ladder(roomy) {
  const steps = [];
  for (let text = roomy; text > TEXT_MIN; text *= 0.94) {
    const touch = text >= 0.53 ? Math.max(1, Math.min(1.25, text)) : text >= 0.46 ? 0.92 : 0.84;
    steps.push([text, touch]);
  }
  return steps;
}

/**
 * Finds the largest sizes at which nothing overflows.
 * @param host the element that carries `--k` and `--ku`
 * @param fits says whether everything fits now
 * @param pages lists that may be cut into pages: each `{ rows, show(n) }`; tried before text gets really small
 */
export function fit(host, roomy, fits, pages = []) {
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
  const readable = steps.filter(([text]) => text >= (roomy > 1 ? 0.68 : 0.53));
  for (const page of pages) page.show(page.rows);
  if (tryAll(pages.length ? readable : steps) || !pages.length) return;
  const most = Math.max(...pages.map((page) => page.rows));
  for (let rows = most - 1; rows >= 1; rows -= 1) {
    for (const page of pages) page.show(Math.min(rows, page.rows));
    set(readable.at(-1));
    if (fits()) { tryAll(readable); return; }
  }
  tryAll(steps);
}

/** Whether an element holds its content. */
export const holds = (element) => element.scrollHeight <= element.clientHeight + 1 && element.scrollWidth <= element.clientWidth + 1;

/** Whether an area carries its blocks: letters may reach a little over their lines, as fonts do, and that is no overflow. */
export function carries(area) {
  const own = area.getBoundingClientRect();
  const within = (child) => { const box = child.getBoundingClientRect(); return box.top >= own.top - 1 && box.bottom <= own.bottom + 1; };
  return area.scrollWidth <= area.clientWidth + 1 && [...area.children].every(within);
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
