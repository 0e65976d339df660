// SPDX-License-Identifier: Apache-2.0
// What both views share: names and tables of figures.
import {element, format, bounds, isolated, table} from './dom.js';
import {columnName, noValue} from './controls.js';

export const percentileName = (p) => `${p}${p % 1 === 0 && ![11, 12, 13].includes(p % 100) ? {1: 'st', 2: 'nd', 3: 'rd'}[p % 10] ?? 'th' : 'th'} percentile`;

// seriesName names a series by the compared column.
export function seriesName(compare, name) {
  if (!compare) return 'all';
  return name === '' ? noValue(compare) : compare === 'date' ? format.date(name) : isolated(name);
}

// figureCell is a figure with its bounds.
export const figureCell = (figure) => (figure ? {text: `${format.precise(figure.value)} (${bounds(figure)})`, value: figure.value} : {text: '–', value: ''});

const number = (name) => ({name, number: true});

// summaryTable is the figures of a distribution, a column for each series.
export function summaryTable(answer) {
  const percentiles = answer.series.find((s) => s.percentiles.length)?.percentiles ?? [];
  const header = [{name: 'Figure'}, ...answer.series.map((s) => number(answer.compare ? seriesName(answer.compare, s.name) : 'Value'))];
  const row = (name, of) => [{text: name, value: name}, ...answer.series.map(of)];
  const count = (name, field) => row(name, (s) => ({text: format.whole(s[field]), value: s[field]}));
  const rows = [count('Submissions', 'count'), count('Samples', 'samples'), count('Sum', 'sum'), row('Mean', (s) => figureCell(s.mean)),
    ...percentiles.map((p, i) => row(percentileName(p.p), (s) => figureCell(s.percentiles[i])))];
  return table(answer.compare ? `Figures by ${columnName(answer.compare)}, with their bounds at 2 sigmas` : 'Figures, with their bounds at 2 sigmas', header, percentiles.length ? rows : rows.slice(0, 3));
}

const longest = 60; // characters of a name in a legend

// cut shortens a long name.
const cut = (name) => (Array.from(name).length > longest ? `${Array.from(name).slice(0, longest - 1).join('')}…` : name);

// legend lists the series with their colours.
export function legend(names, places = names.map((_, i) => i)) {
  return element('ul', {class: 'legend'}, names.map((name, i) => element('li', {title: name}, element('span', {class: `swatch s${places[i] % 8}`}), cut(name))));
}

// toggles is a row of buttons of which one is on.
export function toggles(label, choices, value, change) {
  return element('div', {class: 'row', role: 'group', 'aria-label': label}, element('span', {class: 'faint small', text: label}),
    choices.map(([name, text]) => element('button', {type: 'button', 'aria-pressed': String(name === value), text, 'data-choice': name, onclick: () => change(name)})));
}
