// SPDX-License-Identifier: Apache-2.0
// What both views share: names and tables of figures.
import {element, format, bounds, table} from './dom.js';
import {columnName} from './controls.js';

export const percentileName = (p) => `${p}${p % 1 === 0 && ![11, 12, 13].includes(p % 100) ? {1: 'st', 2: 'nd', 3: 'rd'}[p % 10] ?? 'th' : 'th'} percentile`;

// seriesName names a series by the compared column.
export function seriesName(compare, name) {
  if (!compare) return 'all';
  return name === '' ? `(no ${columnName(compare).toLowerCase()})` : compare === 'date' ? format.date(name) : name;
}

// figureCell is a figure with its bounds.
export const figureCell = (figure) => (figure ? {text: `${format.precise(figure.value)} (${bounds(figure)})`, value: figure.value} : {text: '–', value: ''});

const number = (name) => ({name, number: true});

// summaryTable is the figures of each series of a distribution.
export function summaryTable(answer) {
  const percentiles = answer.series.find((s) => s.percentiles.length)?.percentiles ?? [];
  const header = [{name: answer.compare ? columnName(answer.compare) : 'Series'}, number('Submissions'), number('Samples'), number('Sum'), number('Mean'), ...percentiles.map((p) => number(percentileName(p.p)))];
  const rows = answer.series.map((s) => [
    {text: seriesName(answer.compare, s.name), value: s.name}, {text: format.whole(s.count), value: s.count}, {text: format.whole(s.samples), value: s.samples},
    {text: format.whole(s.sum), value: s.sum}, figureCell(s.mean), ...percentiles.map((p, i) => figureCell(s.percentiles[i])),
  ]);
  return table('Figures, with their bounds at 2 sigmas', header, rows);
}

// legend lists the series with their colours.
export function legend(names, places = names.map((_, i) => i)) {
  return element('ul', {class: 'legend'}, names.map((name, i) => element('li', {}, element('span', {class: `swatch s${places[i] % 8}`}), name)));
}

// toggles is a row of buttons of which one is on.
export function toggles(label, choices, value, change) {
  return element('div', {class: 'row', role: 'group', 'aria-label': label}, element('span', {class: 'faint small', text: label}),
    choices.map(([name, text]) => element('button', {type: 'button', 'aria-pressed': String(name === value), text, 'data-choice': name, onclick: () => change(name)})));
}
