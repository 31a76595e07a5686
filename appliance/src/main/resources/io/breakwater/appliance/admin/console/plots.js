/** Plots, drawn by Chart.js, in the colours of the style sheet. */

import { HISTORY_S } from './rates.js';
import { bits, frames, percent, short } from './format.js';

/** Distinct also for colour-blind eyes (Okabe and Ito, 2008), made readable on both grounds. */
const REASON_COLOURS = ['#d55e00', '#0072b2', '#cc79a7', '#009e73', '#b38a00', '#56b4e9', '#8a6fd1', '#7f7f7f'];
const OTHERS = '#7f8c97';

export function reasonColour(index) {
  return REASON_COLOURS[index] ?? OTHERS;
}

const dark = matchMedia('(prefers-color-scheme: dark)');

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
}

function ago(seconds) {
  return seconds === 0 ? 'now' : seconds % 60 === 0 ? `${-seconds / 60} min ago` : `${-seconds} s ago`;
}

/** What is looked back at, and where the marks are; no longer than there is anything to see. */
const SPANS_S = [[60, 15], [120, 30], [HISTORY_S, 60]];

function styled(chart) {
  chart.options.color = colour('text');
  for (const scale of Object.values(chart.options.scales)) {
    scale.grid.color = colour('grid');
    scale.ticks.color = colour('quiet');
    if (scale.title) {
      scale.title.color = colour('quiet');
    }
  }
  chart.update('none');
}

function plot(canvas, config) {
  const chart = new globalThis.Chart(canvas, config);
  styled(chart);
  dark.addEventListener('change', () => styled(chart));
  return chart;
}

const COMMON = { animation: false, responsive: true, maintainAspectRatio: false, normalized: true };
const OWN_COLOURS = { enabled: false };
const LEGEND = { position: 'bottom', labels: { boxWidth: 12, boxHeight: 12 } };

/** Stacked areas over the last minutes. */
export class Areas {
  #chart;
  #unit = bits;

  constructor(canvas) {
    this.#chart = plot(canvas, {
      type: 'line',
      data: { datasets: [] },
      options: {
        ...COMMON,
        parsing: false,
        interaction: { mode: 'index', intersect: false },
        elements: { point: { radius: 0, hitRadius: 4 }, line: { borderWidth: 1.5, tension: 0 } },
        scales: {
          x: { type: 'linear', min: -HISTORY_S, max: 0, grid: {}, ticks: { stepSize: 60, callback: ago, maxRotation: 0, autoSkipPadding: 12 } },
          y: { stacked: true, beginAtZero: true, grid: {}, ticks: { maxTicksLimit: 6, callback: (value) => this.#unit(value) } },
        },
        plugins: {
          colors: OWN_COLOURS,
          legend: LEGEND,
          tooltip: {
            callbacks: {
              title: ([item]) => `${Math.round(-item.parsed.x)} s ago`,
              label: (item) => `${item.dataset.label}: ${this.#unit(item.parsed.y)}`,
            },
          },
        },
      },
    });
  }

  /** Series: [{label, colour (of the style sheet, or a value), points: [{x, y}]}], the lowest first. */
  draw(series, unit) {
    this.#unit = unit === 'bytes' ? bits : frames;
    const datasets = this.#chart.data.datasets;
    datasets.length = series.length;
    series.forEach(({ label, colour: name, points }, i) => {
      const line = name.startsWith('#') ? name : colour(name);
      datasets[i] = Object.assign(datasets[i] ?? {}, {
        label, data: points, borderColor: line, backgroundColor: `${line}b0`, fill: i === 0 ? 'origin' : '-1', stack: 'all',
      });
    });
    const oldest = -(series[0]?.points[0]?.x ?? 0);
    const [span, step] = SPANS_S.find(([seconds]) => seconds >= oldest) ?? SPANS_S.at(-1);
    this.#chart.options.scales.x.min = -span;
    this.#chart.options.scales.x.ticks.stepSize = step;
    this.#chart.update('none');
  }
}

function bound(seconds) {
  if (seconds === Infinity) {
    return '> 10 s';
  }
  return seconds < 1e-3 ? `${+(seconds * 1e6).toPrecision(3)} µs` : seconds < 1 ? `${+(seconds * 1e3).toPrecision(3)} ms` : `${seconds} s`;
}

/** How many frames stayed how long. */
export class Histogram {
  #chart;

  constructor(canvas) {
    const dataset = (label, name) => ({
      label, data: [], borderWidth: 0, categoryPercentage: 0.9, barPercentage: 0.95, backgroundColor: () => colour(name),
    });
    this.#chart = plot(canvas, {
      type: 'bar',
      data: { labels: [], datasets: [dataset('inbound', 'forwarded'), dataset('outbound', 'would-drop')] },
      options: {
        ...COMMON,
        normalized: false,
        scales: {
          x: { grid: { display: false }, ticks: { maxRotation: 0, autoSkipPadding: 8 }, title: { display: true, text: 'up to' } },
          y: { beginAtZero: true, grid: {}, ticks: { maxTicksLimit: 5, callback: (value) => `${short(value)} %` } },
        },
        plugins: {
          colors: OWN_COLOURS,
          legend: LEGEND,
          tooltip: { callbacks: { label: (item) => `${item.dataset.label}: ${percent(item.parsed.y / 100)} of frames` } },
        },
      },
    });
  }

  /** Buckets by lane, or null while there are none. */
  draw(inbound, outbound) {
    const both = [inbound ?? [], outbound ?? []];
    const used = both.flatMap((buckets) => buckets.flatMap((bucket, i) => bucket.count > 0 ? [i] : []));
    const [low, high] = used.length ? [Math.max(0, Math.min(...used) - 1), Math.max(...used) + 1] : [0, 0];
    const longest = both[0].length >= both[1].length ? both[0] : both[1];
    this.#chart.data.labels = longest.slice(low, high + 1).map((bucket) => bound(bucket.bound));
    both.forEach((buckets, i) => {
      const all = buckets.reduce((total, bucket) => total + bucket.count, 0);
      const dataset = this.#chart.data.datasets[i];
      dataset.data = buckets.slice(low, high + 1).map((bucket) => all ? (100 * bucket.count) / all : 0);
    });
    this.#chart.update('none');
  }
}
