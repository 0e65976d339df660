// SPDX-License-Identifier: Apache-2.0
// Scales of axes: from values to pixels, and the ticks.

// linear maps low..high to from..to.
export function linear(low, high, from, to) {
  const span = high - low || 1;
  const at = (v) => from + ((v - low) / span) * (to - from);
  return Object.assign(at, {ticks: (n) => steps(low, high, n), low, high});
}

// logarithmic maps low..high to from..to by their logarithms. What is below low is at from.
export function logarithmic(low, high, from, to) {
  const [a, b] = [Math.log(low), Math.log(high > low ? high : low * 10)];
  const at = (v) => from + ((Math.max(Math.log(Math.max(v, low)), a) - a) / (b - a)) * (to - from);
  const ticks = (n) => {
    const powers = [];
    for (let p = Math.floor(Math.log10(low)); p <= Math.ceil(Math.log10(high)); p++) powers.push(10 ** p);
    const every = Math.max(1, Math.ceil(powers.length / n));
    const shown = powers.filter((v, i) => v >= low * 0.999 && v <= high * 1.001 && i % every === 0);
    return shown.length > 1 ? shown : [low, high];
  };
  return Object.assign(at, {ticks, low, high});
}

// steps returns about n round numbers within low..high.
function steps(low, high, n) {
  const span = high - low;
  if (!(span > 0)) return [low];
  const raw = span / Math.max(n, 1);
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map((m) => m * power).find((s) => span / s <= n) ?? 10 * power;
  const all = [];
  for (let i = Math.ceil(low / step - 1e-9); i * step <= high + step * 1e-9; i++) all.push(Number((i * step).toPrecision(12)));
  return all;
}
