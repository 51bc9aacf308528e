// Draws the cabinet's front: steel doors, and what is open or in use told by shape and word as well as by colour.

import { s } from './dom.js';

const CELL = { w: 132, h: 92, gap: 10 };
const FRAME = 24;
const SWING = 46;
let drawn = 0;

/**
 * The front of a cabinet as an SVG.
 * @param boxes `[{ box_no, column, row, mark }]` of the view model
 * @param label what a screen reader says for the whole drawing
 */
export function drawCabinet(boxes, label) {
  const id = `cab${drawn += 1}`;
  const columns = 1 + Math.max(0, ...boxes.map((box) => box.column));
  const rows = 1 + Math.max(0, ...boxes.map((box) => box.row));
  const width = columns * (CELL.w + CELL.gap) - CELL.gap + 2 * FRAME;
  const height = rows * (CELL.h + CELL.gap) - CELL.gap + 2 * FRAME;
  const place = (box) => ({ x: FRAME + box.column * (CELL.w + CELL.gap), y: FRAME + box.row * (CELL.h + CELL.gap) });
  // A swung door overlaps its neighbour, so open boxes are drawn last.
  const order = [...boxes].sort((a, b) => rank(a.mark) - rank(b.mark));
  return s('svg', { viewBox: `${-SWING + 6} -8 ${width + SWING} ${height + 26}`, class: 'cabinet', role: 'img', 'aria-label': label },
    gradients(id),
    s('rect', { x: 14, y: height - 4, width: width - 28, height: 16, rx: 5, class: 'cab-foot' }),
    s('rect', { x: 0, y: 0, width, height, rx: 16, fill: `url(#${id}frame)`, class: 'cab-frame' }),
    s('rect', { x: 10, y: 10, width: width - 20, height: height - 20, rx: 9, class: 'cab-inner' }),
    order.map((box) => drawBox(box, place(box), id)));
}

const rank = (mark) => ({ open: 1, here: 2, here_open: 3 })[mark] ?? 0;

function gradients(id) {
  const linear = (name, stops, turn) => s('linearGradient', { id: id + name, x1: 0, y1: 0, x2: turn ? 1 : 0, y2: turn ? 0 : 1 },
    stops.map(([offset, cls]) => s('stop', { offset, class: cls })));
  return s('defs', null,
    linear('frame', [[0, 'g-frame-1'], [1, 'g-frame-2']]),
    linear('door', [[0, 'g-door-1'], [0.5, 'g-door-2'], [1, 'g-door-3']]),
    linear('leaf', [[0, 'g-leaf-1'], [1, 'g-leaf-2']], true),
    linear('hole', [[0, 'g-hole-1'], [1, 'g-hole-2']]),
    linear('lit', [[0, 'g-lit-1'], [1, 'g-lit-2']]),
    s('pattern', { id: `${id}hatch`, width: 14, height: 14, patternUnits: 'userSpaceOnUse', patternTransform: 'rotate(45)' },
      s('rect', { width: 5, height: 14, class: 'g-hatch' })));
}

function drawBox(box, { x, y }, id) {
  const parts = {
    plain: () => closed(box, x, y, `url(#${id}door)`),
    out_of_service: () => [closed(box, x, y, `url(#${id}door)`),
      s('rect', { x, y, width: CELL.w, height: CELL.h, rx: 8, fill: `url(#${id}hatch)` }),
      s('g', { class: 'cab-cross', transform: `translate(${x + CELL.w - 27} ${y + CELL.h / 2})` },
        s('circle', { r: 17 }), s('path', { d: 'M-7 -7L7 7M7 -7L-7 7' }))],
    here: () => [closed(box, x, y, 'var(--cab-here)'), ring(x, y, 'cab-ring cab-pulse')],
    here_open: () => opened(box, x, y, id, true),
    open: () => opened(box, x, y, id, false),
  };
  return s('g', { class: `cab-box cab-${box.mark}` }, (parts[box.mark] ?? parts.plain)());
}

function closed(box, x, y, paint) {
  return [
    s('rect', { x, y, width: CELL.w, height: CELL.h, rx: 8, fill: paint, class: 'cab-door' }),
    s('path', { d: `M${x + 8} ${y + 3}h${CELL.w - 16}`, class: 'cab-shine' }),
    s('rect', { x: x - 2, y: y + 14, width: 6, height: 16, rx: 2, class: 'cab-hinge' }),
    s('rect', { x: x - 2, y: y + CELL.h - 30, width: 6, height: 16, rx: 2, class: 'cab-hinge' }),
    box.mark === 'out_of_service' ? null : s('circle', { cx: x + CELL.w - 20, cy: y + CELL.h / 2, r: 8, class: 'cab-lock' }),
    box.mark === 'out_of_service' ? null : s('path', { d: `M${x + CELL.w - 20} ${y + CELL.h / 2 - 4}v8`, class: 'cab-slot' }),
    s('text', { x: x + 18, y: y + CELL.h / 2 + 16, class: 'cab-no' }, box.box_no),
  ];
}

function opened(box, x, y, id, mine) {
  const hinge = x + 3;
  const edge = x - SWING + 8;
  return [
    s('rect', { x, y, width: CELL.w, height: CELL.h, rx: 8, fill: mine ? `url(#${id}lit)` : `url(#${id}hole)`, class: 'cab-hole' }),
    s('path', { d: `M${x + 12} ${y + CELL.h - 12}h${CELL.w - 24}`, class: 'cab-shelf' }),
    s('text', { x: x + CELL.w / 2, y: y + CELL.h / 2 + 22, class: mine ? 'cab-no cab-no-big' : 'cab-no cab-no-open' }, box.box_no),
    s('path', { d: `M${hinge} ${y}L${edge} ${y - 13}a4 4 0 0 0-5 4v${CELL.h + 18}a4 4 0 0 0 5 4L${hinge} ${y + CELL.h}z`,
      fill: `url(#${id}leaf)`, class: 'cab-leaf' }),
    s('path', { d: `M${edge + 8} ${y + CELL.h / 2 - 9}v18`, class: 'cab-pull' }),
    ring(x, y, mine ? 'cab-ring' : 'cab-ring cab-ring-open'),
  ];
}

const ring = (x, y, cls) => s('rect', { x: x - 4, y: y - 4, width: CELL.w + 8, height: CELL.h + 8, rx: 11, class: cls });
