/** Puts what the box told into the page. */

import { byId, el, replace, setText, table } from './dom.js';
import { bits, bytes, clock, count, duration, frames, nanoseconds, percent, short, shortened } from './format.js';
import { quantile, sum } from './rates.js';
import { reasonColour } from './plots.js';

const STATES = {
  forwarding: ['Forwarding', 'good'],
  starting: ['Starting', 'warn'],
  stopping: ['Stopping', 'warn'],
  failed: ['A pair has failed', 'bad'],
};

export function showState(status, reachable) {
  const [words, kind] = reachable ? STATES[status.state] ?? [status.state, 'warn'] : ['Not reachable', 'bad'];
  badge(byId('state'), words, kind);
  byId('mode').hidden = !status;
  if (status) {
    const monitor = status.mode === 'monitor';
    badge(byId('mode'), monitor ? 'Monitor: drops nothing' : 'Enforce', monitor ? 'warn' : 'good');
    setText(byId('about'), `version ${status.version} · up for ${duration(status.uptime_s)}`);
  }
}

export function showSignedOut() {
  badge(byId('state'), 'Signed out', 'warn');
  byId('mode').hidden = true;
  setText(byId('about'), '');
}

function badge(element, words, kind) {
  setText(element, words);
  element.className = `badge ${kind}`;
}

/** What must be known before any figure is read; told aloud when it changes. */
export function showWarnings(warnings) {
  const box = byId('warnings');
  const text = warnings.map(([, words]) => words).join('\n');
  if (box.dataset.text !== text) {
    box.dataset.text = text;
    box.replaceChildren(...warnings.map(([kind, words]) => el('p', { class: `warning ${kind}` }, words)));
  }
}

export function warningsOf(status) {
  const warnings = [];
  for (const pair of status.pairs) {
    if (!pair.forwards) {
      warnings.push(['error', `Pair ${pair.name} does not forward: ${pair.failure ?? 'see the log'}`]);
    }
    for (const port of [pair.outside, pair.inside].filter(({ up }) => !up)) {
      warnings.push(['error', `Port ${port.name} has no carrier: nothing passes pair ${pair.name}.`]);
    }
  }
  if (status.mode === 'monitor') {
    warnings.push(['', 'Monitor mode: every frame is forwarded. What rules would drop is only counted, and shown as “would drop”.']);
  }
  return warnings;
}

export function showFigures(status, rates) {
  const [inbound, lost] = [rates.now('inbound'), rates.lost()];
  if (!inbound) {
    return;
  }
  const would = sum(inbound.would_drop);
  const dropped = status.mode === 'monitor' ? would : inbound.dropped;
  const late = rates.latencies('inbound');
  const slow = late && quantile(late, 0.99);
  const figure = (title, value, more, kind = null) =>
    el('div', { class: kind }, el('dt', {}, title), el('dd', {}, value), el('dd', {}, more));
  byId('figures').replaceChildren(
    figure('Attacks', String(status.attacks.length), status.attacks.length ? 'going on now' : 'none now', status.attacks.length ? 'bad' : null),
    figure('Coming in', bits(8 * inbound.received.bytes), frames(inbound.received.frames)),
    figure('Passed to the inside', bits(8 * inbound.forwarded.bytes), frames(inbound.forwarded.frames)),
    figure(
      status.mode === 'monitor' ? 'Would drop' : 'Dropped',
      bits(8 * dropped.bytes),
      `${percent(inbound.received.frames ? dropped.frames / inbound.received.frames : 0)} of frames`,
      status.mode === 'monitor' && dropped.frames > 0 ? 'warn' : null,
    ),
    figure('Lost unread', `${count(lost.rate)}/s`, `${count(lost.total)} since the start`, lost.rate > 0 ? 'bad' : lost.total > 0 ? 'warn' : null),
    figure('99 % faster than', slow === null ? '–' : slow === Infinity ? '> 10 s' : nanoseconds(slow * 1e9), 'inbound, last 10 s', slow > 0.001 ? 'warn' : null),
  );
}

/** Draws both plots and the table under them. */
export function showTraffic(status, rates, plots, lane, unit) {
  const monitor = status.mode === 'monitor';
  const factor = unit === 'bytes' ? 8 : 1;
  const history = rates.history(lane);
  const points = (value) => history.map((entry) => ({ x: entry.x, y: factor * Math.max(0, value(entry)) }));
  const verdicts = [
    {
      label: monitor ? 'forwarded, no rule met' : 'forwarded',
      colour: 'forwarded',
      points: points((entry) => entry.forwarded[unit] - sum(entry.would_drop)[unit]),
    },
    ...monitor || history.some((entry) => sum(entry.would_drop)[unit] > 0)
      ? [{ label: 'forwarded, would drop', colour: 'would-drop', points: points((entry) => sum(entry.would_drop)[unit]) }]
      : [],
    { label: 'dropped', colour: 'dropped', points: points((entry) => entry.dropped[unit]) },
  ];
  plots.verdicts.draw(verdicts, unit);

  const key = monitor ? 'would_drop' : 'reasons';
  const now = rates.now(lane)?.[key] ?? {};
  const totals = {};
  for (const pair of status.pairs) {
    for (const [reason, amount] of Object.entries(pair.lanes[lane][key])) {
      totals[reason] = (totals[reason] ?? 0) + amount.frames;
    }
  }
  // By what was dropped in all: an order that does not jump about, so that colours stay.
  const order = Object.keys(totals).sort((a, b) => totals[b] - totals[a]);
  const shown = order.slice(0, 8);
  plots.reasons.draw(
    shown.map((reason, i) => ({ label: shortened(reason), colour: reasonColour(i), points: points((entry) => entry[key][reason]?.[unit] ?? 0) })),
    unit,
  );
  showTotals(status, lane, monitor);
  setText(byId('reasons-title'), `${monitor ? 'Would be dropped' : 'Dropped'}, by reason`);
  describe(status, rates, lane, unit, order, now);
  const rows = order.slice(0, 12).map((reason, i) => [
    el('span', { class: 'swatched' }, swatch(i), reasonName(reason)),
    bits(8 * (now[reason]?.bytes ?? 0)),
    short(now[reason]?.frames ?? 0),
    count(totals[reason]),
  ]);
  replace(byId('reason-table'), rows.length
    ? table(null, [{ title: 'reason', wide: true }, { title: 'rate', number: true }, { title: 'frames/s', number: true }, { title: 'frames in all', number: true }], rows)
    : el('p', { class: 'none' }, `Nothing ${lane} has been dropped.`));
}

/** The very numbers that metrics, API, events and reports tell. */
function showTotals(status, lane, monitor) {
  const amount = (key) => status.pairs.reduce((total, pair) => {
    const from = pair.lanes[lane][key];
    const added = key === 'would_drop' ? sum(from) : from;
    return { frames: total.frames + added.frames, bytes: total.bytes + added.bytes };
  }, { frames: 0, bytes: 0 });
  const words = [['received', 'received'], ['forwarded', 'forwarded'], ['dropped', 'dropped'], ...monitor ? [['would_drop', 'would drop']] : []]
    .map(([key, word]) => `${word} ${count(amount(key).frames)} frames (${count(amount(key).bytes)} B)`);
  setText(byId('totals'), `All ${lane} since the start: ${words.join(', ')}.`);
}

/** May break between kind and name, before it breaks within either. */
function reasonName(reason) {
  const name = reason.indexOf(':') + 1;
  return el('span', {}, reason.slice(0, name), el('wbr'), reason.slice(name));
}

function swatch(index) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const rect = document.createElementNS('http://www.w3.org/2000/svg', 'rect');
  svg.setAttribute('class', 'swatch');
  svg.setAttribute('aria-hidden', 'true');
  for (const [name, value] of [['width', '100%'], ['height', '100%'], ['fill', reasonColour(index)]]) {
    rect.setAttribute(name, value);
  }
  svg.append(rect);
  return svg;
}

/** Says in words what the plots show. */
function describe(status, rates, lane, unit, order, now) {
  const current = rates.now(lane);
  if (!current) {
    return;
  }
  const say = (amount) => unit === 'bytes' ? bits(8 * amount.bytes) : frames(amount.frames);
  byId('verdicts').setAttribute('aria-label',
    `${lane} traffic by verdict over 5 minutes; now ${say(current.forwarded)} forwarded, ${say(current.dropped)} dropped`);
  byId('reasons').setAttribute('aria-label',
    `${lane} drops by reason over 5 minutes; now ${order.slice(0, 3).map((reason) => `${reason} ${say(now[reason] ?? { frames: 0, bytes: 0 })}`).join(', ') || 'none'}`);
}

/** Attacks that go on. */
export function showAttacks(status, onBlock) {
  if (status.attacks.length === 0) {
    replace(byId('attack-list'), el('p', { class: 'none' }, 'No attack now.'));
    return;
  }
  replace(byId('attack-list'), ...status.attacks.map((attack) => {
    const start = new Date(attack.started);
    const most = Math.max(...attack.reflectors.map((reflector) => reflector.packets_at_most), 1);
    const uncounted = attack.reflectors.some((reflector) => reflector.packets !== reflector.packets_at_most);
    const rows = attack.reflectors.slice(0, 5).map(({ address, packets, packets_at_most: atMost }) => [
      el('span', { class: 'address' }, address, el('meter', { min: 0, max: most, value: packets, 'aria-hidden': true })),
      packets === atMost ? count(packets) : el('span', { class: 'range' }, count(packets), ` to ${count(atMost)}`),
      blockButton(address, `${attack.vector} reflector`, onBlock, `attack ${attack.vector} ${attack.target} ${address}`),
    ]);
    return el('article', { class: 'attack' },
      el('h3', {}, el('span', {}, attack.vector), el('span', {}, 'on'), el('span', { class: 'address' }, attack.target)),
      el('p', { class: 'rate' }, `${bits(attack.bits_per_s)}, ${frames(attack.packets_per_s)}`),
      el('p', { class: 'quiet' },
        `Pair ${attack.pair}, since `, el('time', { datetime: start.toISOString() }, clock(start)),
        `, for ${duration(attack.seconds)}. Peak ${bits(attack.peak_bits_per_s)}, ${frames(attack.peak_packets_per_s)}; `
        + `${bytes(attack.bytes)} from about ${count(attack.sources)} sources.`),
      rows.length ? table(['Top reflectors', uncounted ? el('small', {}, 'too many to count each') : ''], [{ title: 'address', wide: true }, { title: 'frames', number: true }, { title: 'block', unseen: true }], rows) : null);
  }));
}

function blockButton(address, comment, onBlock, key) {
  return el('button', { type: 'button', 'data-key': key, 'aria-label': `Block ${address}`, onclick: () => onBlock(address, comment) }, 'Block');
}

const QUESTIONS = [
  ['sources', 'Sources', true],
  ['reflectors', 'Reflectors', true],
  ['victims', 'Victims', false],
  ['vectors', 'Vectors', false],
];

export function showTop(top, onBlock) {
  const rate = (amount) => amount / Math.max(top.seconds, 1);
  const tables = QUESTIONS.map(([key, title, blockable]) => {
    const amount = (talker) => top.by === 'bytes' ? talker.bytes : talker.packets;
    const most = Math.max(...top[key].map(amount), 1);
    const rows = top[key].slice(0, 6).map((talker) => [
      el('span', { class: 'address' }, key === 'vectors' ? reasonName(talker.name) : talker.name, el('meter', { min: 0, max: most, value: amount(talker), 'aria-hidden': true })),
      bits(8 * rate(talker.bytes)),
      short(rate(talker.packets)),
      ...blockable ? [blockButton(talker.name, '', onBlock, `${key} ${talker.name}`)] : [],
    ]);
    const columns = [
      { title: key === 'vectors' ? 'reason' : 'address', wide: true }, { title: 'rate', number: true }, { title: 'frames/s', number: true },
      ...blockable ? [{ title: 'block', unseen: true }] : [],
    ];
    return el('div', { class: 'scroll' }, rows.length
      ? table(title, columns, rows)
      : el('div', {}, el('h3', {}, title), el('p', { class: 'none' }, 'None in the last seconds.')));
  });
  const note = 'Without what the shield drops before it is read: the traffic above and the attacks count that.';
  replace(byId('talkers'), ...top.shielded > 0 ? [el('p', { class: 'quiet' }, note)] : [], ...tables);
}

export function showLatency(rates, plot) {
  const [inbound, outbound] = [rates.latencies('inbound'), rates.latencies('outbound')];
  plot.draw(inbound, outbound);
  const words = [['Inbound', inbound], ['Outbound', outbound]].map(([name, buckets]) => {
    const value = (share) => buckets && quantile(buckets, share);
    const say = (bound) => bound === Infinity ? 'over 10 s' : `under ${nanoseconds(bound * 1e9)}`;
    return value(0.5) ? `${name}: half ${say(value(0.5))}, 99 % ${say(value(0.99))}, 99.9 % ${say(value(0.999))}.` : `${name}: ${buckets ? 'no frame' : 'not measured yet'}.`;
  });
  setText(byId('latency-words'), words.join(' '));
  byId('latency').setAttribute('aria-label', `How long frames stayed in the box. ${words.join(' ')}`);
}

export function showBlocks(blocks, onEnd) {
  const rows = blocks.map((block) => [
    el('span', {}, el('span', { class: 'address' }, block.prefix), block.comment ? el('span', { class: 'quiet' }, ` ${block.comment}`) : ''),
    duration(block.seconds_left),
    el('button', { type: 'button', 'data-key': `free ${block.prefix}`, 'aria-label': `Unblock ${block.prefix}`, onclick: () => onEnd(block.prefix) }, 'Unblock'),
  ]);
  replace(byId('blocks'), rows.length
    ? table(null, [{ title: 'source', wide: true }, { title: 'time left', number: true }, { title: 'unblock', unseen: true }], rows)
    : el('p', { class: 'none' }, 'No source is blocked by hand.'));
}

export function showPorts(status) {
  const rows = status.pairs.flatMap((pair) => [['outside', 'inbound'], ['inside', 'outbound']].map(([side, lane]) => [
    `${pair.name} ${side}`,
    pair[side].name,
    pair[side].up ? 'up' : 'DOWN',
    count(pair[side].kernel_drops),
    percent(pair.lanes[lane].ring_occupancy_ratio),
  ]));
  replace(byId('ports'), table(null, [
    { title: 'port', wide: true }, { title: 'card' }, { title: 'carrier' }, { title: 'lost unread', number: true }, { title: 'ring', number: true },
  ], rows));
}

/** Adds an event on top; keeps the newest. */
export function addEvent(event, most) {
  const list = byId('events');
  const time = new Date(event.time);
  list.prepend(el('li', {},
    el('time', { datetime: event.time }, clock(time)),
    el('span', { class: `${event.severity}-word` }, event.severity),
    el('span', {}, event.message, event.suppressed ? ` (and ${count(event.suppressed)} more like it)` : '')));
  while (list.children.length > most) {
    list.lastChild.remove();
  }
}

export function showPolicy(policy, yaml) {
  setText(byId('policy-about'), `From ${policy.source === 'api' ? 'the API, until the next reload or start' : policy.source}, in force since ${clock(new Date(policy.loaded))}.`);
  setText(byId('policy'), yaml);
}
