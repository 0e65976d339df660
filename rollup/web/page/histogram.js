// SPDX-License-Identifier: Apache-2.0
// The distribution of a measure.
import {element, shape, format, bounds, table, colour} from './dom.js';
import {linear, logarithmic} from './scale.js';
import {frame, line, text, pointer, cursor, seriesColour} from './plot.js';
import {legend, percentileName, seriesName, summaryTable, toggles} from './figures.js';
import {columnName} from './controls.js';

export const valid = (a) => typeof a.metric.name === 'string' && a.buckets.length > 0 && a.series.length > 0 &&
  a.series.every((s) => s.histogram.length === a.buckets.length && s.shares.length === a.buckets.length && Array.isArray(s.percentiles));

const empty = (answer) => answer.series.every((s) => s.samples === 0);

// draw fills a node with the view.
export function draw(node, answer, address, change) {
  const names = answer.series.map((s) => seriesName(answer.compare, s.name));
  const range = shown(answer, address.get('trim') === 'yes');
  const mode = address.get('show');
  const multiple = answer.series.length > 1 && address.get('layout') === 'multiples';
  const readout = element('p', {class: 'readout', role: 'status', id: 'readout'});
  const plots = element('div', {class: `plots${multiple ? ' multiple' : ''}`});
  const groups = multiple ? answer.series.map((s, i) => [i]) : [answer.series.map((s, i) => i)];
  node.replaceChildren(
    element('h2', {text: answer.metric.name}), element('p', {class: 'faint', text: answer.metric.description}),
    element('div', {class: 'row'},
      toggles('Show', [['bars', 'bars'], ['cumulative', 'cumulative'], ['table', 'table']], mode, (v) => change({show: v})),
      toggles('Horizontal', [['buckets', 'buckets'], ['linear', 'linear'], ['log', 'log']], address.get('x'), (v) => change({x: v})),
      toggles('Vertical', [['linear', 'linear'], ['log', 'log']], address.get('y'), (v) => change({y: v})),
      toggles('Empty ends', [['yes', 'trim'], ['no', 'show']], address.get('trim'), (v) => change({trim: v})),
      answer.series.length > 1 ? toggles('Compare', [['overlaid', 'overlaid'], ['multiples', 'multiples']], address.get('layout'), (v) => change({layout: v})) : null),
    notes(answer, range), answer.series.length > 1 && !multiple ? legend(names) : '', plots, readout, summaryTable(answer),
    bucketTable(answer, names, range, mode === 'table'));
  if (mode === 'table' || empty(answer)) {
    plots.hidden = true;
    return;
  }
  for (const group of groups) {
    const plot = element('div', {class: 'plot'});
    plots.append(element('div', {}, multiple ? element('h3', {text: names[group[0]]}) : '', plot));
    drawPlot(plot, {answer, group, names, range, address, readout});
  }
}

// shown returns the first and last bucket that the plots show.
function shown(answer, trim) {
  const last = answer.buckets.length - 1;
  const used = answer.series.filter((s) => s.first >= 0);
  if (!trim || !used.length) return {first: 0, last};
  return {first: Math.min(...used.map((s) => s.first)), last: Math.max(...used.map((s) => s.last))};
}

function notes(answer, {first, last}) {
  const all = [];
  const [left, right] = [first, answer.buckets.length - 1 - last];
  const buckets = (n) => `${n} empty ${n === 1 ? 'bucket' : 'buckets'}`;
  if (left) all.push(`${buckets(left)} below ${bucketName(answer, first)}`);
  if (right) all.push(`${buckets(right)} from ${bucketName(answer, last + 1)} on`);
  const sentences = all.length ? [`Not shown: ${all.join(', ')}.`] : [];
  if (answer.more) sentences.push(`${answer.more} more series are left out; those with most submissions are shown.`);
  if (empty(answer)) sentences.push('These submissions have no samples: there is nothing to draw.');
  const few = answer.series.filter((s) => s.count < answer.few).map((s) => `${seriesName(answer.compare, s.name)} (${format.whole(s.count)})`);
  if (few.length) sentences.push(`Few submissions: ${few.join(', ')}. Mind the bounds.`);
  return element('p', {class: 'faint small', id: 'notes', text: sentences.join(' ')});
}

const categorical = (answer) => typeof answer.buckets[0] === 'string';

function bucketName(answer, i) {
  return categorical(answer) ? answer.buckets[i] : format.whole(answer.buckets[i]);
}

function bucketRange(answer, i) {
  if (categorical(answer)) return answer.buckets[i];
  const [low, high] = [answer.buckets[i], answer.buckets[i + 1]];
  if (high === undefined) return `${format.whole(low)} or more`;
  return high - low === 1 ? format.whole(low) : `${format.whole(low)} to below ${format.whole(high)}`;
}

// horizontal returns the scale of buckets: edge(i, scale) is the left edge of bucket i, at(v, scale) the place of a value.
function horizontal(answer, {first, last}, kind) {
  const bound = answer.buckets;
  const end = (i) => (i < bound.length ? bound[i] : bound[bound.length - 1] + Math.max(bound[bound.length - 1] - (bound[bound.length - 2] ?? 0), 1));
  if (categorical(answer) || kind === 'buckets') {
    return {
      scale: (from, to) => linear(first, last + 1, from, to), edge: (i, x) => x(i),
      at: (v, x) => {
        let i = bound.findLastIndex((b) => b <= v);
        i = Math.max(i, 0);
        return x(i + Math.min((v - bound[i]) / (end(i + 1) - bound[i]), 1));
      },
      ticks: (x) => ticksOf(answer, first, last, x),
    };
  }
  const least = bound.find((b) => b > 0) ?? 1;
  const low = kind === 'log' ? Math.max(bound[first], least / 2) : bound[first];
  const make = kind === 'log' ? logarithmic : linear;
  return {scale: (from, to) => make(low, end(last + 1), from, to), edge: (i, x) => x(Math.max(end(i), low)), at: (v, x) => x(Math.max(v, low)), ticks: null};
}

function ticksOf(answer, first, last, x) {
  const all = [];
  const width = x(first + 1) - x(first);
  const most = categorical(answer) ? 16 : 8;
  for (let i = first; i <= last; i++) {
    const name = categorical(answer) ? answer.buckets[i] : format.compact(answer.buckets[i]);
    all.push({at: categorical(answer) ? x(i) + width / 2 : x(i), text: name.length > most ? `${name.slice(0, most - 1)}…` : name});
  }
  return all;
}

function drawPlot(node, {answer, group, names, range, address, readout}) {
  const {first, last} = range;
  const cumulative = address.get('show') === 'cumulative';
  const values = (s) => (cumulative ? s.cumulative : s.shares).slice(first, last + 1);
  const series = group.map((i) => answer.series[i]);
  const top = cumulative ? 1 : Math.max(...answer.series.flatMap((s) => values(s)), 0.001) * 1.08;
  const positive = answer.series.flatMap(values).filter((v) => v > 0); // small multiples have one scale
  const log = address.get('y') === 'log';
  const floor = Math.min(...positive, top / 10) / 2;
  const h = horizontal(answer, range, address.get('x'));
  const strip = group.length === 1 && series[0].percentiles.length ? (series[0].percentiles.length + 1) * boundsApart + 4 : 0; // for the bounds of the markers
  const plot = frame(node, {
    label: `${cumulative ? 'Cumulative distribution' : 'Distribution'} of ${answer.metric.name}${group.length === 1 ? `, ${names[group[0]]}` : ''}`,
    top: 12 + strip, height: (group.length === answer.series.length ? 360 : 260) + strip, xScale: h.scale, xTicks: h.ticks, xText: format.compact, yText: format.percent,
    yScale: (from, to) => (log ? logarithmic(floor, top, from, to) : linear(0, top, from, to)),
    xName: categorical(answer) ? 'label' : 'value (lower bound of the bucket)', yName: 'share of samples',
  });
  const edges = Array.from({length: last - first + 2}, (_, i) => h.edge(first + i, plot.x));
  group.forEach((i) => drawSeries(plot, values(answer.series[i]), edges, seriesColour(i), group.length === 1 && !cumulative));
  if (group.length === 1) markers(plot, series[0], h, edges);
  const mark = cursor(plot);
  pointer(plot, node, edges.slice(0, -1).map((e, i) => (e + edges[i + 1]) / 2), {
    hover: (i) => {
      mark.show((edges[i] + edges[i + 1]) / 2);
      const at = first + i;
      readout.textContent = `${bucketRange(answer, at)}: ` + group.map((g) => {
        const s = answer.series[g];
        return `${group.length > 1 || answer.series.length > 1 ? `${names[g]} ` : ''}${format.percent(s.shares[at])} (${format.whole(s.histogram[at])} samples; up to here ${format.percent(s.cumulative[at])})`;
      }).join(' · ');
    },
    leave: () => mark.hide(),
    label: 'distribution; arrow keys move between buckets',
  });
}

function drawSeries(plot, values, edges, stroke, filled) {
  if (filled) {
    values.forEach((v, i) => {
      const y = Math.min(plot.y(v), plot.box.bottom);
      const width = Math.max(edges[i + 1] - edges[i] - (edges[i + 1] - edges[i] > 4 ? 1 : 0), 0.5);
      if (v > 0) plot.svg.append(shape('rect', {x: edges[i].toFixed(1), y: y.toFixed(1), width: width.toFixed(1), height: (plot.box.bottom - y).toFixed(1), fill: stroke}));
    });
    return;
  }
  const y = (v) => Math.min(plot.y(v), plot.box.bottom);
  line(plot, values.flatMap((v, i) => [[edges[i], y(v)], [edges[i + 1], y(v)]]), stroke);
}

const boundsApart = 4;

// markers draws the percentiles and the mean of a series, with their bounds below each other above the plot.
function markers(plot, series, h, edges) {
  let end = -Infinity;
  const within = (v) => Math.min(Math.max(h.at(v, plot.x), edges[0]), edges[edges.length - 1]);
  const marks = series.percentiles.map((p) => ({...p, name: `p${p.p}`, full: percentileName(p.p)}));
  if (series.mean) marks.push({...series.mean, name: 'mean', full: 'mean'});
  for (const [i, m] of marks.sort((a, b) => a.value - b.value).entries()) {
    const x = within(m.value);
    const y = 16 + i * boundsApart;
    const title = `${m.full}: ${format.precise(m.value)} (${bounds(m)})`;
    if (m.lower !== null) {
      plot.svg.append(shape('line', {x1: within(m.lower), x2: m.upper === null ? edges[edges.length - 1] : within(m.upper), y1: y, y2: y, stroke: colour('--ink'), 'stroke-width': 2, opacity: 0.6, 'data-bounds': m.name},
        shape('title', {text: title})));
    }
    plot.svg.append(shape('line', {x1: x, x2: x, y1: 12, y2: plot.box.bottom, stroke: colour('--ink'), 'stroke-dasharray': m.name === 'mean' ? '6 3' : '2 3', opacity: 0.7, 'data-marker': m.name},
      shape('title', {text: title})));
    const half = m.name.length * 3.6 + 2;
    if (x - half > end && x + half < plot.width) {
      plot.svg.append(text(x, 9, m.name, 'middle', {'font-size': 11}));
      end = x + half;
    }
  }
}

function bucketTable(answer, names, {first, last}, open) {
  const single = names.length === 1;
  const header = [{name: 'Bucket'}, ...names.flatMap((n) => [single ? 'Samples' : `${n}: samples`, single ? 'Share' : `${n}: share`, single ? 'Cumulative' : `${n}: cumulative`].map((name) => ({name, number: true})))];
  const rows = [];
  for (let i = first; i <= last; i++) {
    rows.push([{text: bucketRange(answer, i), value: answer.buckets[i]}, ...answer.series.flatMap((s) => [
      {text: format.whole(s.histogram[i]), value: s.histogram[i]}, {text: format.percent(s.shares[i]), value: s.shares[i]}, {text: format.percent(s.cumulative[i]), value: s.cumulative[i]}])]);
  }
  const details = element('details', {id: 'buckets'}, element('summary', {text: 'Table of buckets'}),
    table(`Buckets of ${answer.metric.name}${answer.compare ? ` by ${columnName(answer.compare)}` : ''}`, header, rows));
  details.open = open;
  return details;
}
