// SPDX-License-Identifier: Apache-2.0
// The evolution of a measure over builds or days.
import {element, shape, format, bounds, table} from './dom.js';
import {linear, logarithmic} from './scale.js';
import {frame, line, band, pointer, cursor, seriesColour} from './plot.js';
import {figureCell, legend, percentileName, seriesName, toggles} from './figures.js';
import {columnName} from './controls.js';

export const valid = (a) => typeof a.metric.name === 'string' && a.dates.length > 0 && a.series.length > 0 &&
  a.series.every((s) => s.points.every((p) => typeof p.date === 'string' && Array.isArray(p.percentiles) && Array.isArray(p.changed)));

const faint = 0.35;

// draw fills a node with the view.
export function draw(node, answer, address, change, all) {
  const names = answer.series.map((s) => seriesName(answer.compare, s.name));
  const dates = [...new Set(answer.series.flatMap((s) => s.points.map((p) => p.date)))].sort();
  const view = {answer, address, change, all, names, dates, places: new Map(dates.map((d, i) => [d, i])), marks: [], readout: element('div', {class: 'readout', role: 'status', id: 'readout'})};
  const lines = linesOf(answer, address);
  const plots = element('div', {class: 'plots'});
  node.replaceChildren(
    element('h2', {text: answer.over ? `${answer.metric.name} / ${answer.over.name}` : answer.metric.name}), element('p', {class: 'faint', text: answer.metric.description}),
    element('div', {class: 'row'}, lineBoxes(answer, address, change), toggles('Vertical', [['linear', 'linear'], ['log', 'log']], address.get('y'), (v) => change({y: v})), fewBox(address, change)),
    rangeBox(view), notes(view), plots, view.readout, changes(view), pointTable(view, lines));
  const add = (title, key, i) => {
    const plot = element('div', {class: 'plot'});
    plots.append(element('div', {'data-plot': key}, element('h3', {text: title}), i ?? '', plot));
    return plot;
  };
  if (answer.over) {
    drawFigures(add('Ratio of the sums', 'ratio', names.length > 1 ? legend(names) : null), view, names.map((name, i) => ({series: i, place: i, of: (p) => p.ratio ?? null})), 'ratio');
  } else if (lines.length && names.length > 1) {
    for (const l of lines) drawFigures(add(l.name, l.key, legend(names)), view, names.map((name, i) => ({series: i, place: i, key: l.key, of: l.of})), l.name);
  } else if (lines.length) {
    drawFigures(add('Mean and percentiles', 'figures', legend(lines.map((l) => l.name))), view, lines.map((l, i) => ({series: 0, place: i, key: l.key, of: l.of})), 'value');
  }
  drawCounts(add('Submissions', 'count', names.length > 1 ? legend(names) : null), view, 'count');
  drawCounts(add('Samples', 'samples', null), view, 'samples');
  if (address.get('ref')) say(view, view.places.get(address.get('ref')) ?? 0);
}

// linesOf returns the figures that are chosen and that the answer has.
function linesOf(answer, address) {
  const points = answer.series.flatMap((s) => s.points);
  const has = (p) => points.some((point) => point.percentiles.some((q) => q.p === p));
  return address.all('lines').map((key) => (key === 'mean'
    ? {key, name: 'mean', of: (p) => p.mean}
    : {key, name: percentileName(Number(key)), of: (p) => p.percentiles.find((q) => q.p === Number(key)) ?? null}))
    .filter((l) => (l.key === 'mean' ? points.some((p) => p.mean) : has(Number(l.key))));
}

function lineBoxes(answer, address, change) {
  const all = ['mean', ...(answer.series.flatMap((s) => s.points).find((p) => p.percentiles.length)?.percentiles ?? []).map((p) => String(p.p))];
  const on = address.all('lines');
  return element('fieldset', {class: 'row'}, element('legend', {text: 'Lines'}), all.map((key) => {
    const box = element('input', {type: 'checkbox', value: key, 'data-line': key, onchange: () => change({lines: all.filter((k) => (k === key ? box.checked : on.includes(k)))})});
    box.checked = on.includes(key);
    return element('label', {class: 'small'}, box, ` ${key === 'mean' ? 'mean' : key}`);
  }));
}

function fewBox(address, change) {
  const input = element('input', {type: 'number', id: 'few', min: 0, step: 1, value: address.get('few'), size: 6, onchange: () => change({few: input.value === '' ? null : String(Math.max(0, Math.round(Number(input.value))))})});
  return element('div', {class: 'row small'}, element('label', {for: 'few', text: 'Few submissions: below'}), input);
}

// rangeBox chooses the first and the last date by sliders over all dates of the versions.
function rangeBox({answer, address, change, all}) {
  if (all.length < 2) return '';
  const [first, last] = [answer.dates[0], answer.dates[answer.dates.length - 1]];
  const slider = (label, name, value) => {
    const id = `range-${name}`;
    const output = element('output', {for: id, text: format.date(value)});
    const input = element('input', {
      id, type: 'range', min: 0, max: all.length - 1, step: 1, value: Math.max(all.indexOf(value), 0), 'aria-valuetext': format.date(value),
      oninput: () => { output.textContent = format.date(all[input.value]); input.setAttribute('aria-valuetext', output.textContent); },
      onchange: () => {
        const v = all[input.value];
        change(name === 'from' ? {from: v, to: v > last ? v : last, date: null} : {to: v, from: v < first ? v : first, date: null});
      },
    });
    return element('div', {class: 'row'}, element('label', {for: id, text: label}), input, output);
  };
  return element('div', {class: 'row small', id: 'range'}, slider('Range from', 'from', first), slider('to', 'to', last));
}

function notes({answer, names}) {
  const sentences = [];
  if (answer.more) sentences.push(`${answer.more} more series are left out; those with most submissions are shown.`);
  const few = answer.series.map((s, i) => [names[i], s.points.filter((p) => p.few).length, s.points.length]).filter(([, n]) => n);
  const text = few.map(([name, n, all]) => `${names.length > 1 ? `${name}: ` : ''}${n} of ${all}`).join(', ');
  if (few.length) sentences.push(`Dates with few submissions, drawn faint: ${text} (fewer than ${format.whole(answer.few)}, or under 1% of the largest).`);
  const every = (condition) => answer.series.every((s) => s.points.every(condition));
  if (every((p) => p.samples === 0)) sentences.push('These submissions have no samples, so that there are no mean and no percentiles.');
  else if (every((p) => !p.percentiles.length)) sentences.push('A categorical measure has no mean and no percentiles.');
  return element('p', {class: 'faint small', id: 'notes', text: sentences.join(' ')});
}

const xOf = (view, plot) => (date) => plot.x(view.places.get(date));

function xAxis(view) {
  const n = view.dates.length;
  return {
    xScale: (from, to) => linear(-0.5, n - 0.5, from, to),
    xTicks: (x) => view.dates.map((d, i) => ({at: x(i), text: format.date(d)})),
    xName: view.address.get('kind') === 'build_id' ? 'build' : 'submission day',
  };
}

function drawFigures(node, view, lines, yName) {
  const values = lines.flatMap((l) => view.answer.series[l.series].points.map((p) => [l.of(p), p.few]).filter(([f]) => f));
  if (!values.length) {
    node.replaceChildren(element('p', {class: 'faint', text: 'There are no values to draw.'}));
    return;
  }
  const reach = ([f, few]) => (few ? [f.value] : [f.value, f.lower ?? f.value, f.upper ?? f.value]);
  const all = values.flatMap(reach);
  const log = view.address.get('y') === 'log';
  const least = Math.min(...all.filter((v) => v > 0), Math.max(...all, 1)); // 0 has no place on a logarithmic axis, and is drawn at its end
  const [low, high] = [log ? Math.max(least, Math.max(...all) / 1e12) : Math.min(0, ...all), Math.max(...all) * (log ? 1.1 : 1.05) || 1];
  const plot = frame(node, {
    label: `${yName} of ${view.answer.metric.name} by ${view.address.get('kind') === 'build_id' ? 'build' : 'day'}`, height: 340, ...xAxis(view),
    yScale: (from, to) => (log ? logarithmic(low, high, from, to) : linear(low, high, from, to)), yText: format.compact, yName,
  });
  const [x, y] = [xOf(view, plot), (v) => Math.min(Math.max(plot.y(v), plot.box.top), plot.box.bottom)];
  for (const l of lines) {
    const stroke = seriesColour(l.place);
    const points = view.answer.series[l.series].points.map((p) => ({p, f: l.of(p)}));
    band(plot, points.map(({p, f}) => (f && !p.few && f.lower !== null ? [x(p.date), y(f.lower), f.upper === null ? plot.box.top : y(f.upper)] : null)), stroke);
    line(plot, points.map(({p, f}) => (f && !p.few ? [x(p.date), y(f.value)] : null)), stroke);
    line(plot, points.map(({p, f}) => (f ? [x(p.date), y(f.value)] : null)), stroke, {opacity: faint, 'stroke-width': 1, 'stroke-dasharray': '2 3'});
    for (const {p, f} of points.filter((one) => one.f)) {
      if (f.lower !== null && p.few) {
        plot.svg.append(shape('line', {x1: x(p.date), x2: x(p.date), y1: y(f.lower), y2: f.upper === null ? plot.box.top : y(f.upper), stroke, opacity: faint, 'stroke-width': 1.5}));
      }
      plot.svg.append(shape('circle', {cx: x(p.date), cy: y(f.value), r: 3.5, fill: stroke, opacity: p.few ? faint : 1, 'data-date': p.date, 'data-few': p.few, 'data-key': l.key ?? 'ratio'}));
      if (l.key && p.changed.includes(Number(l.key))) {
        const [cx, cy] = [x(p.date), y(f.value) - 8];
        plot.svg.append(shape('path', {d: `M${cx} ${cy}l-5 -8h10Z`, fill: stroke, 'data-changed': p.date}, shape('title', {text: `moved by more than its bounds on ${format.date(p.date)}`})));
      }
    }
  }
  follow(plot, node, view);
}

function drawCounts(node, view, field) {
  const top = Math.max(1, ...view.answer.series.flatMap((s) => s.points.map((p) => p[field]))) * 1.08;
  const plot = frame(node, {
    label: `${field === 'count' ? 'Submissions' : 'Samples'} by ${view.address.get('kind') === 'build_id' ? 'build' : 'day'}`, height: 150, ...xAxis(view), xName: null, bottom: 30,
    yScale: (from, to) => linear(0, top, from, to), yText: format.compact,
  });
  const n = view.answer.series.length;
  const width = Math.min((plot.x(1) - plot.x(0)) * 0.8, 40) / n;
  view.answer.series.forEach((s, i) => {
    for (const p of s.points) {
      const left = xOf(view, plot)(p.date) + (i - n / 2) * width;
      plot.svg.append(shape('rect', {x: left.toFixed(1), width: Math.max(width, 0.7).toFixed(1), y: plot.y(p[field]).toFixed(1), height: (plot.box.bottom - plot.y(p[field])).toFixed(1), fill: seriesColour(i), opacity: p.few ? faint : 1}));
    }
  });
  follow(plot, node, view);
}

// follow connects a plot with the cursor of all plots, and with the reference.
function follow(plot, node, view) {
  const [mark, reference] = [cursor(plot), cursor(plot)];
  const at = view.dates.map((d, i) => plot.x(i));
  const ref = view.places.get(view.address.get('ref'));
  if (ref !== undefined) reference.show(at[ref]);
  view.marks.push({show: (i) => mark.show(at[i]), hide: () => mark.hide()});
  pointer(plot, node, at, {
    hover: (i) => {
      view.marks.forEach((m) => m.show(i));
      say(view, i);
    },
    leave: () => view.marks.forEach((m) => m.hide()),
    choose: (i) => view.change({ref: view.dates[i] === view.address.get('ref') ? null : view.dates[i]}),
    label: 'plot over time; arrow keys move between dates, Enter sets the reference',
  });
}

// say writes the figures of a date, and their differences to the reference.
function say(view, i) {
  const {answer, dates, names, address} = view;
  const date = dates[i];
  const ref = view.places.has(address.get('ref')) ? address.get('ref') : null;
  const lines = answer.over ? [{name: 'ratio', of: (p) => p.ratio ?? null}] : linesOf(answer, address);
  const rows = answer.series.flatMap((s, at) => {
    const [p, r] = [s.points.find((q) => q.date === date), s.points.find((q) => q.date === ref)];
    if (!p) return [`${names[at]}: no data`];
    const figures = lines.map((l) => [l, l.of(p)]).filter(([, f]) => f).map(([l, f]) => {
      const g = ref && ref !== date && r ? l.of(r) : null;
      return `${l.name} ${format.precise(f.value)} (${bounds(f)}${g ? `; ${difference(f.value, g.value)}` : ''})`;
    });
    const count = `${format.whole(p.count)} submissions${ref && ref !== date && r ? ` (${difference(p.count, r.count)})` : ''}`;
    return [[names.length > 1 ? `${names[at]}: ${count}` : count, `${format.whole(p.samples)} samples`, ...figures].join(' · ')];
  });
  view.readout.replaceChildren(element('strong', {text: format.date(date)}), ref ? element('span', {class: 'faint', text: ref === date ? ' is the reference' : ` with the difference to ${format.date(ref)}`}) : '',
    ...rows.map((row) => element('div', {text: row})));
}

function difference(value, from) {
  const sign = value > from ? '+' : value < from ? '−' : '±';
  const share = from !== 0 ? `, ${sign}${format.percent(Math.abs(value - from) / Math.abs(from))}` : '';
  return `${sign}${format.precise(Math.abs(value - from))}${share}`;
}

// changes lists where a percentile moved.
function changes({answer, names}) {
  const all = answer.series.flatMap((s, i) => s.points.filter((p) => p.changed.length).map((p) => ({name: names[i], p})));
  const list = all.map(({name, p}) => element('li', {'data-change': p.date, text: `${format.date(p.date)}${names.length > 1 ? `, ${name}` : ''}: ${p.changed.map((v) => percentileName(v)).join(', ')}`}));
  return element('details', {id: 'changes'}, element('summary', {text: `Changes: ${all.length || 'no'} ${all.length === 1 ? 'date' : 'dates'} on which a percentile moved by more than its bounds`}),
    all.length ? element('ul', {}, list) : element('p', {class: 'faint', text: 'Each date is compared with the last one that has enough submissions.'}));
}

function pointTable({answer, names}, lines) {
  const number = (name) => ({name, number: true});
  const header = [{name: answer.compare ? `Date, ${columnName(answer.compare).toLowerCase()}` : 'Date'}, number('Submissions'), number('Samples'), {name: 'Few'},
    ...(answer.over ? [number('Ratio')] : []), ...lines.map((l) => number(l.name))];
  const rows = answer.series.flatMap((s, i) => s.points.map((p) => [
    {text: names.length > 1 ? `${format.date(p.date)}, ${names[i]}` : format.date(p.date), value: p.date}, {text: format.whole(p.count), value: p.count},
    {text: format.whole(p.samples), value: p.samples}, p.few ? 'few' : '', ...(answer.over ? [figureCell(p.ratio ?? null)] : []), ...lines.map((l) => figureCell(l.of(p)))]));
  return element('details', {id: 'points'}, element('summary', {text: 'Table of figures'}), table(`Figures of ${answer.metric.name} with their bounds at 2 sigmas`, header, rows));
}
