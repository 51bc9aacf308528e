// Talks to the server: JSON with problem details, and events that come back by themselves.

/** What the server refused, as problem details say it (RFC 9457). */
export class Problem extends Error {
  constructor(status, body) {
    super(body?.detail || body?.title || `HTTP ${status}`);
    this.status = status;
    this.key = body?.key ?? '';
    this.code = body?.code ?? 0;
    /** In so many seconds it may be tried again, if the server says so. */
    this.after = 0;
  }
}

/** Nothing came back: the network, not the server. */
export class Unreachable extends Error {}

const HEADERS = { 'X-Requested-With': 'locker' };

/**
 * Sends a request and reads the JSON answer.
 * @throws {Problem} when the server refuses
 * @throws {Unreachable} when nothing comes back within `timeout` milliseconds
 */
export async function ask(method, path, body, { timeout = 10_000 } = {}) {
  const raw = body instanceof Blob;
  // What is refused is said in the language of the page, which need not be the browser's.
  const headers = { ...HEADERS, Accept: 'application/json', 'Accept-Language': document.documentElement.lang };
  if (body !== undefined) headers['Content-Type'] = raw ? body.type : 'application/json';
  let answer;
  let text;
  try {
    answer = await fetch(path, { method, headers, cache: 'no-store', credentials: 'same-origin',
      body: body === undefined ? undefined : raw ? body : JSON.stringify(body), signal: AbortSignal.timeout(timeout) });
    text = await answer.text();
  } catch {
    throw new Unreachable();
  }
  const json = parse(text);
  // A proxy that cannot reach the server is the network too.
  if ([502, 504].includes(answer.status)) throw new Unreachable();
  if (!answer.ok) throw Object.assign(new Problem(answer.status, json), { after: Number(answer.headers.get('Retry-After')) });
  return json;
}

export const get = (path) => ask('GET', path);
export const post = (path, body = {}) => ask('POST', path, body);

function parse(text) {
  try {
    return text ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/**
 * Listens to server-sent events and reconnects for ever.
 * @param handlers by event name; each gets the parsed data
 * @param onLink called with true when connected, false when not
 * @returns a function that stops
 */
export function listen(path, handlers, onLink = () => {}) {
  let source;
  let timer;
  let wait = 500;
  const connect = () => {
    clearTimeout(timer);
    source?.close();
    source = new EventSource(path);
    source.onopen = () => { wait = 500; onLink(true); };
    // The browser retries on its own, except after an HTTP error, which closes for good.
    source.onerror = () => {
      onLink(false);
      if (source.readyState !== EventSource.CLOSED) return;
      timer = setTimeout(connect, wait);
      wait = Math.min(wait * 2, 8_000);
    };
    for (const [name, handler] of Object.entries(handlers)) {
      source.addEventListener(name, (event) => handler(parse(event.data)));
    }
  };
  connect();
  addEventListener('online', connect);
  return () => { clearTimeout(timer); removeEventListener('online', connect); source.close(); };
}

/** A status line that shows only when the connection stays away for more than a moment. */
export function linkLine(element, text) {
  let timer;
  return (up) => {
    clearTimeout(timer);
    if (up) element.hidden = true;
    else timer = setTimeout(() => { element.textContent = text(); element.hidden = false; }, 1_500);
  };
}
