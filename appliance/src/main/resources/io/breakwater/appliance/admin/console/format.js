/** Numbers and times in words. */

const STEPS = [[1e12, 'T'], [1e9, 'G'], [1e6, 'M'], [1e3, 'k']];

/** Three digits and a decimal prefix: 12.3 M. */
export function short(value) {
  if (!Number.isFinite(value)) {
    return '–';
  }
  const [size, prefix] = STEPS.find(([step]) => Math.abs(value) >= step * 0.9995) ?? [1, ''];
  const scaled = value / size;
  const digits = size === 1 && Number.isInteger(value) ? 0 : Math.abs(scaled) >= 99.95 ? 0 : Math.abs(scaled) >= 9.995 ? 1 : 2;
  return scaled.toFixed(digits) + (prefix ? ' ' + prefix : '');
}

/** short, and a space before a unit without prefix. */
function withUnit(value, unit) {
  const text = short(value);
  return /[kMGT]$/.test(text) ? text + unit : `${text} ${unit}`;
}

export const bits = (perSecond) => withUnit(perSecond, 'bit/s');
export const frames = (perSecond) => `${short(perSecond)} frames/s`;
export const bytes = (amount) => withUnit(amount, 'B');
export const count = (number) => Math.round(number).toLocaleString('en-GB');
export const percent = (share) => share > 0 && share < 0.001 ? '< 0.1 %' : `${(100 * share).toFixed(1)} %`;

/** A name that has to go on one line, without its middle if it is long. */
export const shortened = (name) => name.length <= 36 ? name : `${name.slice(0, 20)}…${name.slice(-15)}`;

export function nanoseconds(ns) {
  if (!(ns > 0)) {
    return '–';
  }
  const [size, unit] = [[1e9, 's'], [1e6, 'ms'], [1e3, 'µs'], [1, 'ns']].find(([step]) => ns >= step) ?? [1, 'ns'];
  const scaled = ns / size;
  return `${+scaled.toPrecision(3)} ${unit}`;
}

/** 2 d 3 h, 5 min 20 s, 7 s. */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const parts = [[86400, 'd'], [3600, 'h'], [60, 'min'], [1, 's']];
  const first = parts.findIndex(([size]) => whole >= size);
  if (first < 0) {
    return '0 s';
  }
  let left = whole;
  return parts.slice(first, first + 2).map(([size, unit]) => {
    const amount = Math.floor(left / size);
    left -= amount * size;
    return amount ? `${amount} ${unit}` : '';
  }).filter(Boolean).join(' ');
}

/** Time of day where the reader is; with the date when it is not today. */
export function clock(date) {
  const time = date.toLocaleTimeString('en-GB');
  return date.toDateString() === new Date().toDateString() ? time : `${date.toLocaleDateString('en-GB')} ${time}`;
}
