/** What happens per second, from totals that never go back. */

/** How far plots look back. */
export const HISTORY_S = 300;
/** Figures are means of so long. */
const MEAN_S = 3;
const LATENCY_S = 10;
export const LANES = ['inbound', 'outbound'];

const ZERO = { frames: 0, bytes: 0 };

/** Totals of one lane over all pairs. */
function laneTotals(status, lane) {
  const totals = { received: { ...ZERO }, forwarded: { ...ZERO }, dropped: { ...ZERO }, reasons: {}, would_drop: {} };
  for (const pair of status.pairs) {
    const from = pair.lanes[lane];
    for (const key of ['received', 'forwarded', 'dropped']) {
      add(totals[key], from[key]);
    }
    for (const key of ['reasons', 'would_drop']) {
      for (const [reason, amount] of Object.entries(from[key])) {
        totals[key][reason] ??= { ...ZERO };
        add(totals[key][reason], amount);
      }
    }
  }
  return totals;
}

function add(sum, amount) {
  sum.frames += amount.frames;
  sum.bytes += amount.bytes;
}

export class Rates {
  #started = null;
  #snapshots = [];
  #pages = [];

  /** Takes in a status that came just now. */
  takeStatus(status) {
    if (status.started !== this.#started) {
      this.#started = status.started;
      this.#snapshots = [];
      this.#pages = [];
    }
    const lanes = Object.fromEntries(LANES.map((lane) => [lane, laneTotals(status, lane)]));
    const lost = status.pairs.reduce((sum, pair) => sum + pair.outside.kernel_drops + pair.inside.kernel_drops, 0);
    const now = performance.now() / 1000;
    this.#snapshots.push({ at: now, lanes, lost });
    while (this.#snapshots[0].at < now - HISTORY_S - MEAN_S) {
      this.#snapshots.shift();
    }
  }

  /** Per second, over the last few: {received, forwarded, dropped, reasons, would_drop} of a lane, or null so far. */
  now(lane) {
    const last = this.#snapshots.at(-1);
    const from = this.#snapshots.find((snapshot) => snapshot.at >= last.at - MEAN_S - 0.5);
    return from === last ? null : between(from, last, lane);
  }

  /** Frames lost unread: per second, and since the start. */
  lost() {
    const last = this.#snapshots.at(-1);
    const from = this.#snapshots.find((snapshot) => snapshot.at >= last.at - MEAN_S - 0.5);
    return { rate: from === last ? 0 : (last.lost - from.lost) / (last.at - from.at), total: last.lost };
  }

  /** The lane's history: [{x: seconds before now (negative), …rates}], the oldest first. */
  history(lane) {
    const last = this.#snapshots.at(-1);
    return this.#snapshots.slice(1).map((snapshot, i) => ({
      x: snapshot.at - last.at,
      ...between(this.#snapshots[i], snapshot, lane),
    }));
  }

  /** Takes in /metrics, of which the latency histograms are read. */
  takeMetrics(page) {
    const buckets = {};
    for (const [, labels, value] of page.matchAll(/^breakwater_frame_latency_seconds_bucket\{([^}]*)\} (\S+)$/gm)) {
      const lane = /lane="(\w+)"/.exec(labels)[1];
      const bound = /le="([^"]+)"/.exec(labels)[1];
      buckets[lane] ??= new Map();
      buckets[lane].set(bound, (buckets[lane].get(bound) ?? 0) + Number(value));
    }
    const now = performance.now() / 1000;
    this.#pages.push({ at: now, buckets });
    while (this.#pages.length > 2 && this.#pages[1].at < now - LATENCY_S) {
      this.#pages.shift();
    }
  }

  /** The last seconds' latencies of a lane: [{bound: seconds, count}], or null so far. */
  latencies(lane) {
    if (this.#pages.length < 2) {
      return null;
    }
    const [first, last] = [this.#pages[0].buckets[lane], this.#pages.at(-1).buckets[lane]];
    let below = 0;
    return [...last ?? []].map(([bound, total]) => {
      const upTo = total - (first?.get(bound) ?? 0);
      const count = upTo - below;
      below = upTo;
      return { bound: bound === '+Inf' ? Infinity : Number(bound), count };
    });
  }
}

function between(from, to, lane) {
  const [a, b, seconds] = [from.lanes[lane], to.lanes[lane], to.at - from.at];
  const rate = (before, after) => ({
    frames: (after.frames - before.frames) / seconds,
    bytes: (after.bytes - before.bytes) / seconds,
  });
  const each = (key) =>
    Object.fromEntries(Object.entries(b[key]).map(([reason, amount]) => [reason, rate(a[key][reason] ?? ZERO, amount)]));
  return {
    received: rate(a.received, b.received),
    forwarded: rate(a.forwarded, b.forwarded),
    dropped: rate(a.dropped, b.dropped),
    reasons: each('reasons'),
    would_drop: each('would_drop'),
  };
}

/** The value below which so many of the counted lie, as the upper bound of its bucket in seconds; null if none were. */
export function quantile(buckets, share) {
  const all = buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  let below = 0;
  for (const bucket of buckets) {
    below += bucket.count;
    if (all > 0 && below >= share * all) {
      return bucket.bound;
    }
  }
  return null;
}

/** Sum of amounts by reason. */
export function sum(amounts) {
  return Object.values(amounts).reduce((total, amount) => {
    add(total, amount);
    return total;
  }, { ...ZERO });
}
