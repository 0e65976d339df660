// SPDX-License-Identifier: Apache-2.0
// Engagement over days, a line a segment. A figure is [estimate, lower, upper, exact], or null on a day without data.
import {element, format, redrawOnChange, table} from './dom.js';
import {linear} from './scale.js';
import {frame, line, band, pointer, cursor, seriesColour} from './plot.js';
import {json, request, recovering, textOf} from './fetching.js';
import {save, picture, png, standalone} from './save.js';

const plots = document.getElementById('plots');
const notice = document.getElementById('notice');
const most = 8; // segments that are drawn
const percent = (v) => format.percent(v);
const measures = [
  {key: 'dau', name: 'Daily active users (DAU)', axis: 'clients a day', write: format.whole, short: format.compact},
  {key: 'wau', name: 'Weekly active users (WAU)', axis: 'clients in 7 days', write: format.whole, short: format.compact},
  {key: 'mau', name: 'Monthly active users (MAU)', axis: 'clients in 28 days', write: format.whole, short: format.compact},
  {key: 'er', name: 'Engagement ratio (DAU/MAU)', axis: 'DAU/MAU', write: percent, short: percent},
];

let state = new URLSearchParams(location.search);
let dimensions = null;
let shown = null; // {query, answer}
let filter = {column: '', values: []};

const query = () => {
  const q = new URLSearchParams(state);
  q.sort();
  return q;
};

function change(changes) {
  for (const [name, value] of Object.entries(changes)) {
    state.delete(name);
    [value].flat().filter(Boolean).forEach((v) => state.append(name, v));
  }
  history.pushState(null, '', `?${query()}`);
  show();
}

const valid = (a) => Array.isArray(a.figures.days) && Array.isArray(a.notes) && a.figures.segments.every((s) => typeof s.name === 'string' && s.dau.length === a.figures.days.length);

async function load(signal) {
  dimensions ??= (await json('v1/dimensions', (a) => Array.isArray(a.dimensions), {signal})).dimensions;
  controls();
  const asked = query();
  plots.setAttribute('aria-busy', 'true');
  shown = {query: asked, answer: await json(`v1/engagement?${asked}`, valid, {signal})};
  draw();
  plots.setAttribute('aria-busy', 'false');
}

function tell(failure, seconds) {
  plots.setAttribute('aria-busy', 'false');
  plots.classList.toggle('stale', failure !== null && shown !== null);
  notice.hidden = failure === null;
  notice.replaceChildren();
  if (failure === null) return;
  notice.append(`${failure.message}${seconds ? ` The page tries again in ${seconds} s.` : ''}${shown ? ' What is drawn below is of before.' : ''} `,
    element('button', {type: 'button', text: 'Try now', onclick: show}));
  if (!shown) plots.replaceChildren(element('p', {class: 'faint', text: 'There is nothing to show.'}));
}

const show = recovering(load, tell);

// controls draws what can be chosen: segments, rows, days.
function controls() {
  const node = document.getElementById('controls');
  const focused = document.activeElement?.id;
  const by = state.getAll('by');
  const boxes = dimensions.map((name, i) => {
    const box = element('input', {type: 'checkbox', id: `by-${i}`, value: name, onchange: () => change({by: dimensions.filter((d) => (d === name ? box.checked : by.includes(d)))})});
    box.checked = by.includes(name);
    return element('label', {class: 'small'}, box, ` ${name}`);
  });
  const day = (name, label) => element('div', {}, element('label', {for: name, text: label}),
    element('input', {type: 'date', id: name, value: state.get(name) ?? '', onchange: (event) => change({[name]: event.target.value})}));
  const list = (id, label, values, value, choose) => {
    const select = element('select', {id, onchange: () => choose(select.value)}, [['', 'choose'], ...values].map(([v, text]) => element('option', {value: v, text: text ?? v})));
    select.value = value;
    return element('div', {}, element('label', {for: id, text: label}), select);
  };
  const where = state.getAll('where');
  node.replaceChildren(
    element('fieldset', {class: 'row wide'}, element('legend', {text: 'Segments by'}), boxes),
    list('column', 'Only rows with', dimensions.map((d) => [d]), filter.column, chooseColumn),
    list('value', 'equal to', filter.values.map((v) => [v.value, `${v.value} (${format.compact(v.clients)})`]), '', (v) => v && change({where: [...where, `${filter.column}=${v}`]})),
    day('from', 'From'), day('to', 'To'));
  if (where.length) {
    node.append(element('div', {class: 'row wide'}, where.map((text) => element('button', {type: 'button', text: `${text} ×`, 'aria-label': `Remove ${text}`, 'data-where': text, onclick: () => change({where: where.filter((w) => w !== text)})}))));
  }
  if (focused) document.getElementById(focused)?.focus();
}

async function chooseColumn(column) {
  try {
    filter = {column, values: column ? (await json(`v1/values?${new URLSearchParams({by: column})}`, (a) => Array.isArray(a.values))).values : []};
    controls();
  } catch (error) {
    tell(error, 0);
  }
}

function draw() {
  const {figures, notes, short} = shown.answer;
  const segments = figures.segments.slice(0, most);
  const left = figures.segments.length - segments.length;
  const by = shown.query.getAll('by');
  const title = by.length ? `Engagement by ${by.join(', ')}` : 'Engagement of all clients';
  document.title = title;
  const readout = element('div', {class: 'readout', role: 'status', id: 'readout'});
  const area = element('div', {class: 'plots multiple'});
  const legend = element('ul', {class: 'legend'}, segments.map((s, i) => element('li', {}, element('span', {class: `swatch s${i}`}), s.name)));
  const sentences = [...notes, ...(left > 0 ? [`${left} more segments are in the table; those with most clients are drawn.`] : [])];
  plots.replaceChildren(tools(title), element('h2', {text: title}), element('p', {class: 'faint small', id: 'notes', text: sentences.join(' ')}), legend, area, readout, tableOf(figures));
  if (!figures.days.length) {
    area.append(element('p', {text: 'The files have no days to show.'}));
    return;
  }
  const marks = [];
  for (const measure of measures.filter((m) => m.key === 'dau' || m.key === 'wau' || !short)) drawMeasure(area, figures, segments, measure, marks, readout);
}

function drawMeasure(area, figures, segments, measure, marks, readout) {
  const node = element('div', {class: 'plot'});
  area.append(element('div', {'data-plot': measure.key}, element('h3', {text: measure.name}), node));
  const {days} = figures;
  const top = Math.max(...segments.flatMap((s) => s[measure.key].filter(Boolean).map((f) => f[2])), 0) * 1.05 || 1;
  const plot = frame(node, {
    label: measure.name, height: 280, xScale: (from, to) => linear(-0.5, days.length - 0.5, from, to), yScale: (from, to) => linear(0, top, from, to),
    xTicks: (x) => days.map((d, i) => ({at: x(i), text: d})), yText: measure.short, yName: measure.axis, bottom: 30,
  });
  segments.forEach((s, i) => {
    const values = s[measure.key];
    band(plot, values.map((f, d) => (f ? [plot.x(d), plot.y(f[1]), plot.y(f[2])] : null)), seriesColour(i));
    line(plot, values.map((f, d) => (f ? [plot.x(d), plot.y(f[0])] : null)), seriesColour(i), {'data-segment': s.name});
  });
  const mark = cursor(plot);
  const at = days.map((d, i) => plot.x(i));
  marks.push({show: (i) => mark.show(at[i]), hide: () => mark.hide()});
  pointer(plot, node, at, {
    hover: (i) => {
      marks.forEach((m) => m.show(i));
      say(readout, figures, segments, i);
    },
    leave: () => marks.forEach((m) => m.hide()), label: 'plot over days; arrow keys move between days',
  });
}

const figureText = (f, m) => (f ? `${m.write(f[0])} (${m.write(f[1])} to ${m.write(f[2])})` : '–');

function say(readout, figures, segments, i) {
  readout.replaceChildren(element('strong', {text: figures.days[i]}), ...segments.map((s) => element('div', {
    text: `${s.name}: ${s.dau[i] ? measures.map((m) => `${m.key.toUpperCase()} ${figureText(s[m.key][i], m)}`).join(' · ') : 'no data'}`,
  })));
}

const mostRows = 5000; // in the table of the page

function tableOf(figures) {
  const header = [{name: 'Segment'}, {name: 'Day'}, ...measures.map((m) => ({name: m.key.toUpperCase(), number: true}))];
  const rows = figures.segments.flatMap((s) => figures.days.map((day, i) => [day, i]).filter(([, i]) => s.dau[i]).map(([day, i]) => [
    s.name, day, ...measures.map((m) => ({text: figureText(s[m.key][i], m), value: s[m.key][i]?.[0] ?? ''}))]));
  const rest = rows.length > mostRows ? `: the first ${format.whole(mostRows)} of ${format.whole(rows.length)} rows, “Save as CSV” has all` : '';
  const caption = `Figures with their bounds at 2 sigmas${rest}`;
  return element('details', {id: 'points'}, element('summary', {text: 'Table of figures'}), table(caption, header, rows.slice(0, mostRows)));
}

function tools(title) {
  const menu = element('details', {class: 'menu', id: 'save'}, element('summary', {text: 'Save as'}));
  const svg = () => picture(title, [...plots.querySelectorAll('.plot svg')]);
  const choice = (name, run) => element('button', {type: 'button', 'data-save': name, text: name, onclick: async () => {
    menu.open = false;
    try {
      await run();
    } catch (error) {
      tell(error, 0);
    }
  }});
  menu.append(element('div', {},
    choice('CSV', async () => save('engagement.csv', await (await request(`v1/engagement?${shown.query}&format=csv`)).blob())),
    choice('JSON', () => save('engagement.json', textOf(shown.answer), 'application/json')),
    choice('SVG', () => save('engagement.svg', svg().text, 'image/svg+xml')),
    choice('PNG', async () => save('engagement.png', await png(svg()), 'image/png')),
    choice('HTML', async () => save('engagement.html', await standalone({
      title, address: location.href, svg: svg().text, tables: [...plots.querySelectorAll('table')], queries: {}, data: textOf(shown.answer),
    }), 'text/html'))));
  return element('div', {class: 'row'}, element('span', {class: 'push'}), menu);
}

addEventListener('popstate', () => {
  state = new URLSearchParams(location.search);
  show();
});
redrawOnChange(() => shown && draw());
show();
