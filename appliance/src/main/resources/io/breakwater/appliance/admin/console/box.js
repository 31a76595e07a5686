/** Talks with the box over its API. */

const TOKEN = 'breakwater-token';
/** A request that got no answer for so long gets none; the stream says something every 10 s. */
const PATIENCE_MS = 5000;
const SILENCE_MS = 25_000;

/** The box refused; the message says why and what to do. */
export class Refused extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

/** Ends the wait of what goes on asking although the box does not answer. */
let wake = () => {};

export function setToken(token) {
  sessionStorage.setItem(TOKEN, token);
  wake();
}

export const hasToken = () => Boolean(sessionStorage.getItem(TOKEN));

function headers(more = {}) {
  const token = sessionStorage.getItem(TOKEN);
  return token ? { ...more, Authorization: `Bearer ${token}` } : more;
}

async function ask(path, options = {}) {
  const response = await fetch(path, {
    cache: 'no-store',
    signal: AbortSignal.timeout(PATIENCE_MS),
    ...options,
    headers: headers(options.headers),
  });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Refused(response.status, problem.detail ?? `the box answered ${response.status}`);
  }
  return response;
}

export const getJson = async (path) => (await ask(path)).json();
export const getText = async (path) => (await ask(path)).text();

export async function block(prefix, time, comment) {
  const body = JSON.stringify({ prefix, for: time, comment });
  return (await ask('/api/v1/blocks', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } })).json();
}

export async function unblock(prefix) {
  await ask(`/api/v1/blocks?prefix=${encodeURIComponent(prefix)}`, { method: 'DELETE' });
}

/**
 * Gives every event to the listener, the last ones first of all, and goes on until the page is closed. By fetch and not by
 * EventSource, which cannot send a token.
 */
export async function followEvents(onEvent) {
  let after = 0;
  for (let wait = 1000; ; wait = Math.min(2 * wait, 10_000)) {
    try {
      const { events, last_id: last } = await getJson(`/api/v1/events?after=${after}&limit=1000`);
      if (last < after) {
        after = 0;
        continue;
      }
      for (const event of events) {
        after = event.id;
        onEvent(event);
      }
      wait = 1000;
      await stream(after, (event) => {
        after = event.id;
        onEvent(event);
      });
    } catch {
      // The box is away, or the token is wrong: what polls the status says so.
    }
    await new Promise((resolve) => {
      wake = resolve;
      setTimeout(resolve, wait);
    });
  }
}

async function stream(after, onEvent) {
  const closing = new AbortController();
  let silence = setTimeout(() => closing.abort(), SILENCE_MS);
  try {
    const response = await ask(`/api/v1/events/stream?after=${after}`, { signal: closing.signal });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(silence);
      silence = setTimeout(() => closing.abort(), SILENCE_MS);
      text += part.value;
      const messages = text.split('\n\n');
      text = messages.pop();
      messages.forEach((message) => take(message, onEvent));
    }
  } finally {
    clearTimeout(silence);
  }
}

/** One message of a stream of server-sent events (WHATWG HTML, 9.2). */
function take(message, onEvent) {
  const data = message.split('\n').filter((line) => line.startsWith('data: ')).map((line) => line.slice(6)).join('\n');
  if (data) {
    onEvent(JSON.parse(data));
  }
}
