// The icons, drawn for this project: 24 units square, stroked in the colour of the text beside them.

import { s } from './dom.js';

const PATHS = {
  help: ['M9.2 9.3a2.9 2.9 0 1 1 4.3 2.6c-1 .6-1.5 1.1-1.5 2.2', 'M12 17.4v.1', 'M12 2.8a9.2 9.2 0 1 0 0 18.4 9.2 9.2 0 0 0 0-18.4z'],
  close: ['M6 6l12 12', 'M18 6L6 18'],
  back: ['M14.5 5.5L8 12l6.500 6.5'],
  forward: ['M9.5 5.500L16 12l-6.5 6.5'],
  erase: ['M9 5h11a1.500 1.500 0 0 1 1.500 1.500v11A1.500 1.500 0 0 1 20 19H9L2.500 12z', 'M12 9.500l5 5', 'M17 9.500l-5 5'],
  eye: ['M2.500 12S6 5.500 12 5.500 21.500 12 21.500 12 18 18.500 12 18.500 2.500 12 2.500 12z', 'M12 9.200a2.800 2.800 0 1 0 0 5.600 2.800 2.800 0 0 0 0-5.600z'],
  check: ['M4.500 12.500l5 5L19.500 7'],
  alert: ['M12 3.200L22 20.300H2z', 'M12 9.500v5', 'M12 17.200v.1'],
  info: ['M12 2.800a9.200 9.200 0 1 0 0 18.400 9.200 9.200 0 0 0 0-18.400z', 'M12 11v5.500', 'M12 7.500v.1'],
  ask: ['M3.500 4.500h17v12h-9l-4.500 4v-4h-3.500z', 'M12 7.500v3.500', 'M12 13.600v.1'],
  pin: ['M3 6.500h18v11H3z', 'M7 12v.1', 'M12 12v.1', 'M17 12v.1'],
  plate: ['M2.500 7.500h19v9.500h-19z', 'M6 10.500v3.500', 'M9.500 12.200h1.500', 'M14 10.500h4v3.500h-4z'],
  phone: ['M7.500 2.500h9a1 1 0 0 1 1 1v17a1 1 0 0 1-1 1h-9a1 1 0 0 1-1-1v-17a1 1 0 0 1 1-1z', 'M10.800 18.600h2.400'],
  qr: ['M3.500 3.500h6.500v6.500H3.500z', 'M14 3.500h6.500v6.500H14z', 'M3.500 14h6.500v6.500H3.500z', 'M14 14h3v3h-3z', 'M20.500 14v6.500H17', 'M14 20.500v.1'],
  mail: ['M2.800 5.500h18.400v13H2.800z', 'M3.200 6l8.800 7 8.800-7'],
  car: ['M3 16.500v-3.700l2.200-.9 1.800-4.400h10l2.300 4.400 1.700.9v3.700', 'M3 16.500h18', 'M7.200 15a1.900 1.900 0 1 0 0 3.800 1.900 1.900 0 0 0 0-3.800z', 'M16.800 15a1.900 1.900 0 1 0 0 3.800 1.900 1.900 0 0 0 0-3.800z'],
  low: ['M5 4.500h14', 'M12 8v9', 'M8 13.500l4 4 4-4', 'M5 20.500h14'],
  send: ['M21 3.500L3 10.800l7 3.200 3.200 7z', 'M10 14l4-4'],
  key: ['M7.800 8.200a3.800 3.800 0 1 0 0 7.600 3.800 3.800 0 0 0 0-7.600z', 'M11.600 12H21.500v3.500', 'M17.500 12v2.800'],
  door: ['M5.500 3h13v18h-13z', 'M15 12v.1', 'M3 21h18'],
  doorOpen: ['M18.500 21V3H9', 'M9 3L4 5.800V22l5-1z', 'M3 21h18', 'M6.800 13v.1'],
  pen: ['M4 20l1-4.500L16.500 4 20 7.500 8.500 19z', 'M14 6.500L17.500 10'],
  trash: ['M4 6.500h16', 'M9 6V3.500h6V6', 'M6 6.500l1 14h10l1-14'],
  clock: ['M12 2.800a9.200 9.200 0 1 0 0 18.400 9.200 9.200 0 0 0 0-18.400z', 'M12 7v5.300l3.500 2'],
  call: ['M5.200 3.500l3.600-.5 1.700 4.500L8.300 9.300c1 2.700 2.900 4.700 5.500 5.800l1.900-2 4.300 1.800-.5 3.700c-.1.900-1 1.500-1.900 1.400C10.500 19.300 4.700 13.500 3.900 5.500c-.1-1 .4-1.900 1.300-2z'],
  shift: ['M12 4l8 8.500h-4.500V19h-7v-6.500H4z'],
  refresh: ['M20 5.500v5h-5', 'M19.400 10.500A7.800 7.800 0 1 0 19.800 14'],
  stop: ['M8.200 2.800h7.600l5.400 5.400v7.600l-5.400 5.400H8.200l-5.400-5.400V8.200z', 'M8 12h8'],
  camera: ['M3 7.500h4l2-3h6l2 3h4v12H3z', 'M12 9.800a3.500 3.500 0 1 0 0 7 3.500 3.500 0 0 0 0-7z'],
  user: ['M12 3.500a4 4 0 1 0 0 8 4 4 0 0 0 0-8z', 'M4 20.500c.6-4 3.700-6.200 8-6.200s7.400 2.200 8 6.200'],
  lock: ['M5 10.500h14v10H5z', 'M8 10.500V7.500a4 4 0 0 1 8 0v3', 'M12 14.500v2.500'],
  sun: ['M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8z', 'M12 2.500v2', 'M12 19.500v2', 'M2.500 12h2', 'M19.500 12h2', 'M5.300 5.300l1.400 1.400', 'M17.300 17.300l1.400 1.400', 'M18.700 5.300l-1.400 1.400', 'M6.700 17.300l-1.400 1.400'],
  swap: ['M4 8.500h15', 'M15.500 5l3.500 3.500L15.500 12', 'M20 15.500H5', 'M8.500 12L5 15.500 8.500 19'],
};

/** An icon that says nothing to a screen reader: the words stand beside it. */
export function icon(name, className = 'icon') {
  return s('svg', { viewBox: '0 0 24 24', class: className, 'aria-hidden': 'true', focusable: 'false',
    fill: 'none', stroke: 'currentColor', 'stroke-width': '1.9', 'stroke-linecap': 'round', 'stroke-linejoin': 'round' },
  (PATHS[name] ?? PATHS.info).map((d) => s('path', { d })));
}

const key = (x, y, angle, size = 1) => s('g', { transform: `translate(${x} ${y}) rotate(${angle}) scale(${size})`, class: 'art-key' },
  s('path', { 'fill-rule': 'evenodd',
    d: 'M0 0c0-9 7-16 16-16 7.500 0 13.600 5 15.400 11.800H76V10H68V4.200h-7V8h-7V4.200H31.400C29.600 11 23.500 16 16 16 7 16 0 9 0 0zm9 0a5.500 5.500 0 1 0 11 0 5.500 5.500 0 0 0-11 0z' }));

const arrow = (d, head) => s('g', { class: 'art-arrow' }, s('path', { d: d + head, class: 'art-casing' }), s('path', { d: d + head }));

/** A larger drawing: `drop`, `pick`, `done`, `stop`, `problem`. */
export function art(name) {
  const svg = (...children) => s('svg', { viewBox: '0 0 200 150', class: `art art-${name}`, 'aria-hidden': 'true', focusable: 'false' }, children);
  const compartment = () => [
    s('rect', { x: 92, y: 20, width: 96, height: 110, rx: 10, class: 'art-frame' }),
    s('rect', { x: 104, y: 32, width: 72, height: 86, rx: 5, class: 'art-hole' }),
    s('path', { d: 'M104 34L80 20a4 4 0 0 0-6 3v104a4 4 0 0 0 6 3l24-14z', class: 'art-leaf' }),
    s('path', { d: 'M83 70v12', class: 'art-handle' }),
  ];
  if (name === 'drop') {
    return svg(compartment(), key(16, 92, -14), arrow('M34 58C56 34 100 34 132 66', 'M132 46v20h-20'));
  }
  if (name === 'pick') {
    return svg(compartment(), key(111, 92, -14, 0.78), arrow('M128 58C100 26 56 28 34 60', 'M34 40v20h20'));
  }
  if (name === 'done') {
    return svg(s('circle', { cx: 100, cy: 75, r: 60, class: 'art-disc' }), s('path', { d: 'M70 77l22 22 40-46', class: 'art-stroke' }));
  }
  if (name === 'stop') {
    return svg(s('path', { d: 'M76 17h48l34 34v48l-34 34H76L42 99V51z', class: 'art-disc' }), s('path', { d: 'M72 75h56', class: 'art-stroke' }));
  }
  return svg(s('path', { d: 'M100 16l64 114H36z', class: 'art-disc' }), s('path', { d: 'M100 58v34M100 110v.1', class: 'art-stroke' }));
}
