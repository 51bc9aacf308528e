// Reads QR codes with the camera: the browser's own detector where there is one, else frames decoded by the server.

import { ask, Problem } from './api.js';
import { h, put } from './dom.js';
import { act } from './page.js';
import { t } from './strings.js';

/** About three frames a second: enough to scan, little enough for the kiosk's small computer. */
const FRAME_MS = 330;
/** A frame is sent no wider than this; its JPEG stays far below 1 MB. */
const FRAME_PX_MAX = 1_280;
const JPEG_QUALITY = 0.85;
/** A code that was refused is not sent again while it is still in view. */
const SAME_CODE_MS = 4_000;

export class Scanner {
  constructor(found) {
    this.found = found;
    this.stream = null;
    this.last = { payload: null, at: 0 };
  }

  /** The camera's place on the page. */
  element() {
    this.box = h('div', { class: 'form' });
    this.#draw();
    return this.box;
  }

  async start() {
    this.problem = '';
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: { ideal: 'environment' }, width: { ideal: 1280 }, height: { ideal: 720 } } });
    } catch {
      this.problem = t('noCamera');
      this.#draw();
      return;
    }
    this.#draw();
    this.video.srcObject = this.stream;
    await this.video.play().catch(() => {});
    this.detector = await detector();
    this.#frame();
  }

  stop() {
    clearTimeout(this.timer);
    if (!this.stream) return;
    for (const track of this.stream.getTracks()) track.stop();
    this.stream = null;
    this.#draw();
  }

  #draw() {
    if (!this.box) return;
    if (this.stream) {
      this.video = h('video', { playsinline: true, muted: true, 'aria-label': t('cameraAlt') });
      this.video.muted = true;
      put(this.box, h('div', { class: 'viewer' }, this.video), h('p', { class: 'muted', role: 'status' }, t('scanning')), act('scan-stop', t('stopScan'), () => this.stop(), { picture: 'close' }));
      return;
    }
    put(this.box, this.problem && h('p', { class: 'error', role: 'alert' }, this.problem), act('scan-start', t('scan'), () => this.start(), { kind: 'primary', picture: 'camera' }));
    this.box.lastElementChild.classList.add('act-big');
  }

  async #frame() {
    const begun = performance.now();
    const { stream } = this;
    if (!stream) return;
    const payload = this.video.videoWidth ? await this.#read().catch(() => null) : null;
    if (this.stream !== stream) return;
    if (payload && (payload !== this.last.payload || begun - this.last.at > SAME_CODE_MS)) {
      this.last = { payload, at: begun };
      await this.found(payload);
    }
    if (this.stream === stream) this.timer = setTimeout(() => this.#frame(), Math.max(60, FRAME_MS - (performance.now() - begun)));
  }

  async #read() {
    if (this.detector) return (await this.detector.detect(this.video))[0]?.rawValue ?? null;
    const { videoWidth, videoHeight } = this.video;
    const scale = Math.min(1, FRAME_PX_MAX / Math.max(videoWidth, videoHeight));
    this.canvas ??= document.createElement('canvas');
    this.canvas.width = Math.round(videoWidth * scale);
    this.canvas.height = Math.round(videoHeight * scale);
    this.canvas.getContext('2d').drawImage(this.video, 0, 0, this.canvas.width, this.canvas.height);
    const frame = await new Promise((done) => this.canvas.toBlob(done, 'image/jpeg', JPEG_QUALITY));
    try {
      return (await ask('POST', '/api/v1/decode', frame)).payload;
    } catch (error) {
      if (error instanceof Problem && error.status === 404) return null;
      throw error;
    }
  }
}

async function detector() {
  try {
    const formats = await globalThis.BarcodeDetector?.getSupportedFormats();
    return formats?.includes('qr_code') ? new BarcodeDetector({ formats: ['qr_code'] }) : null;
  } catch {
    return null;
  }
}
