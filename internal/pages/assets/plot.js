// SPDX-License-Identifier: Apache-2.0
// Plots as SVG. Colours are written into the shapes, so that an exported picture needs no style sheet.
import {shape, colour} from './dom.js';

// seriesColour returns the colour of a series by its place.
export const seriesColour = (i) => colour(`--s${i % 8}`);

// frame makes a plot of a width and height, with axes. x and y make scales: (from, to) => scale; xTicks and yTicks are
// lists of {at, text} or null for those of the scale.
export function frame(node, {label, height, xScale, yScale, xName, yName, xTicks, xText, yText, top = 12, bottom = 44}) {
  const width = Math.max(Math.round(node.clientWidth || 600), 240);
  const box = {left: 62, right: width - 14, top, bottom: height - bottom};
  const [x, y] = [xScale(box.left, box.right), yScale(box.bottom, box.top)];
  const svg = shape('svg', {viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label,
    'font-family': 'system-ui, sans-serif', 'font-size': 12});
  const grid = shape('g', {'aria-hidden': 'true'});
  for (const v of y.ticks(Math.max(2, Math.floor((box.bottom - box.top) / 45)))) {
    grid.append(shape('line', {x1: box.left, x2: box.right, y1: y(v), y2: y(v), stroke: colour('--grid')}),
      text(box.left - 8, y(v) + 4, yText(v), 'end'));
  }
  const ticks = xTicks ? xTicks(x) : x.ticks(Math.max(2, Math.floor((box.right - box.left) / 90))).map((v) => ({at: x(v), text: xText(v)}));
  let end = -Infinity;
  for (const tick of ticks) {
    const half = tick.text.length * 3.4 + 4;
    if (tick.at - half < end || tick.at + half > width + 4) continue; // labels do not overlap
    end = tick.at + half;
    grid.append(shape('line', {x1: tick.at, x2: tick.at, y1: box.bottom, y2: box.bottom + 5, stroke: colour('--line')}),
      text(Math.max(tick.at, half), box.bottom + 19, tick.text, 'middle'));
  }
  grid.append(shape('line', {x1: box.left, x2: box.right, y1: box.bottom, y2: box.bottom, stroke: colour('--line')}));
  if (xName) grid.append(text((box.left + box.right) / 2, height - 6, xName, 'middle'));
  if (yName) {
    const middle = (box.top + box.bottom) / 2;
    grid.append(shape('text', {x: 12, y: middle, fill: colour('--faint'), 'text-anchor': 'middle', transform: `rotate(-90 12 ${middle})`, text: yName}));
  }
  svg.append(grid);
  node.replaceChildren(svg);
  return {svg, x, y, box, width, height};
}

export function text(x, y, content, anchor = 'start', more = {}) {
  return shape('text', {x, y, fill: colour('--faint'), 'text-anchor': anchor, text: content, ...more});
}

// line draws values as a line with gaps where a point is null.
export function line(plot, points, stroke, more = {}) {
  let d = '';
  let open = false;
  const alone = (i) => !points[i - 1] && !points[i + 1]; // a point between gaps is drawn too
  for (const [i, p] of points.entries()) {
    if (p === null) {
      open = false;
      continue;
    }
    d += `${open ? 'L' : 'M'}${p[0].toFixed(1)} ${p[1].toFixed(1)}${alone(i) ? 'h0' : ''}`;
    open = true;
  }
  plot.svg.append(shape('path', {d, fill: 'none', stroke, 'stroke-width': 2, 'stroke-linejoin': 'round', 'stroke-linecap': 'round', ...more}));
}

// band fills the area between the bounds. A point is [x, lower, upper] or null.
export function band(plot, points, fill) {
  for (let i = 0; i < points.length;) {
    let end = i;
    while (end < points.length && points[end] !== null) end++;
    const run = points.slice(i, end);
    if (run.length === 1) {
      const [x, lower, upper] = run[0];
      plot.svg.append(shape('line', {x1: x, x2: x, y1: lower, y2: upper, stroke: fill, 'stroke-width': 6, opacity: 0.25}));
    } else if (run.length > 1) {
      const d = `M${run.map(([x, , upper]) => `${x.toFixed(1)} ${upper.toFixed(1)}`).join('L')}L` +
        `${run.reverse().map(([x, lower]) => `${x.toFixed(1)} ${lower.toFixed(1)}`).join('L')}Z`;
      plot.svg.append(shape('path', {d, fill, opacity: 0.18}));
    }
    i = Math.max(end, i) + 1;
  }
}

// pointer tells of the place under the mouse or a finger, and of keys: hover(i), leave(), choose(i) for i of at, the
// places in pixels. Arrow keys move, Home and End go to the ends, Enter and space choose, Escape leaves.
export function pointer(plot, node, at, {hover, leave, choose, label}) {
  let now = -1;
  const nearest = (event) => {
    const box = plot.svg.getBoundingClientRect();
    const x = ((event.clientX - box.left) / box.width) * plot.width;
    return at.reduce((best, v, i) => (Math.abs(v - x) < Math.abs(at[best] - x) ? i : best), 0);
  };
  const show = (i) => {
    now = i;
    hover(i);
  };
  plot.svg.addEventListener('pointermove', (event) => at.length && show(nearest(event)));
  plot.svg.addEventListener('pointerdown', (event) => at.length && show(nearest(event))); // a finger does not move
  plot.svg.addEventListener('pointerleave', () => leave());
  plot.svg.addEventListener('click', (event) => at.length && choose && choose(nearest(event)));
  plot.svg.setAttribute('tabindex', '0');
  plot.svg.setAttribute('aria-roledescription', label ?? 'plot; arrow keys move between values');
  plot.svg.addEventListener('keydown', (event) => {
    const to = {ArrowLeft: Math.max(now - 1, 0), ArrowRight: Math.min(now + 1, at.length - 1), Home: 0, End: at.length - 1}[event.key];
    if (to !== undefined && at.length) show(to);
    else if ((event.key === 'Enter' || event.key === ' ') && now >= 0 && choose) choose(now);
    else if (event.key === 'Escape') leave();
    else return;
    event.preventDefault();
  });
  plot.svg.addEventListener('blur', () => leave());
}

// cursor makes the line that marks the place under the mouse.
export function cursor(plot) {
  const mark = shape('line', {y1: plot.box.top, y2: plot.box.bottom, stroke: colour('--faint'), 'stroke-dasharray': '3 3', visibility: 'hidden', 'data-cursor': true});
  plot.svg.append(mark);
  return {
    show(x) {
      mark.setAttribute('x1', x);
      mark.setAttribute('x2', x);
      mark.setAttribute('visibility', 'visible');
    },
    hide() {
      mark.setAttribute('visibility', 'hidden');
    },
  };
}
