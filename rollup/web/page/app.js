// SPDX-License-Identifier: Apache-2.0
// The page: reads the address, asks the server, draws the view, and writes changes to the address.
import {element, redrawOnChange} from './dom.js';
import {json, request, recovering, textOf} from './fetching.js';
import {save, picture, png, standalone} from './save.js';
import {Address} from './address.js';
import {controls} from './controls.js';
import * as histogram from './histogram.js';
import * as evolution from './evolution.js';

const views = {histogram: {name: 'Distribution', path: 'distribution', ...histogram}, evolution: {name: 'Evolution', path: 'evolution', ...evolution}};
const plots = document.getElementById('plots');
const notice = document.getElementById('notice');
const dialog = document.getElementById('queries');

let address = new Address(location.search);
let choices = null;
let values = {};
let shown = null; // what is drawn: {address, answer}

const view = () => views[address.get('view')] ?? views.histogram;
const token = () => sessionStorage.getItem('token');
const validChoices = (a) => Array.isArray(a.channels) && a.versions.length > 0 && a.versions.every((v) => Array.isArray(v.dates)) && a.metrics.length > 0 &&
  a.metrics.every((m) => typeof m.name === 'string' && typeof m.description === 'string') && Array.isArray(a.columns) && a.values instanceof Object;
const validValues = (a) => a instanceof Object && Object.values(a).every(Array.isArray);

// change goes to another state.
function change(changes) {
  address = address.with(changes);
  history.pushState(null, '', address.search);
  show();
}

const panel = document.getElementById('controls').parentNode;
const draws = controls(document.getElementById('controls'), change);
const update = (...of) => {
  panel.hidden = false;
  draws(...of);
};
panel.hidden = true; // until there is something to choose

// complete puts what is missing into the address, so that it can be shared.
function complete() {
  const missing = {};
  if (!address.get('channel')) missing.channel = choices.channel;
  if (!address.get('version')) missing.version = choices.version;
  if (!address.get('metric')) missing.metric = (choices.metrics.find((m) => m.kind === 'exponential') ?? choices.metrics[0]).name;
  if (Object.keys(missing).length) {
    address = address.with(missing);
    history.replaceState(null, '', address.search);
  }
}

let askedChoices = '';

// choicesAddress returns the address of the choices of the address's channel and versions.
function choicesAddress() {
  const query = new URLSearchParams();
  if (address.get('channel')) query.set('channel', address.get('channel'));
  address.all('version').forEach((v) => query.append('version', v));
  return `v1/${encodeURIComponent(address.get('kind'))}/choices?${query}`;
}

async function loadChoices(signal) {
  const asked = choicesAddress();
  if (choices && asked === askedChoices) return;
  choices = await json(asked, validChoices, {signal, token: token()});
  complete();
  askedChoices = choicesAddress();
}

async function load(signal) {
  await loadChoices(signal);
  navigation();
  update(address, choices, values);
  const [mine, drawn] = [address, view()];
  const asked = mine.of(drawn.path);
  if (shown?.asked !== asked) {
    plots.setAttribute('aria-busy', 'true');
    shown = {asked, address: mine, answer: await json(asked, drawn.valid, {signal, token: token()}), drawn};
  }
  shown.address = mine;
  draw();
  plots.setAttribute('aria-busy', 'false');
  values = await valuesOf(mine, signal);
  update(address, choices, values);
}

const columnsAtOnce = 8; // of a request for values

// valuesOf returns the values of the columns that choices does not have.
async function valuesOf(mine, signal) {
  const columns = ['label', ...choices.columns.filter((c) => !choices.values[c] && c !== 'label')];
  const all = {};
  for (let i = 0; i < columns.length; i += columnsAtOnce) {
    Object.assign(all, await json(mine.of('values', {column: columns.slice(i, i + columnsAtOnce)}), validValues, {signal, token: token()}));
  }
  return all;
}

const dates = () => [...new Set(choices.versions.filter((v) => address.all('version').includes(v.version)).flatMap((v) => v.dates))].sort();

function draw() {
  const body = element('div', {id: 'view'});
  const focused = document.activeElement?.id || document.activeElement?.dataset?.choice;
  plots.replaceChildren(tools(), body);
  shown.drawn.draw(body, shown.answer, shown.address, change, dates());
  const again = focused && (document.getElementById(focused) ?? plots.querySelector(`[data-choice="${CSS.escape(focused)}"]`));
  if (again && plots.contains(again)) again.focus({preventScroll: true});
  for (const name of ['SVG', 'PNG']) plots.querySelector(`[data-save=${name}]`).hidden = !plots.querySelector('.plot svg');
  document.title = `${shown.answer.metric.name} – ${shown.drawn.name}`;
  performance.mark('drawn'); // make bench-rollups reads it
}

function navigation() {
  document.getElementById('views').replaceChildren(...Object.entries(views).map(([name, v]) => element('a', {
    href: address.with({view: name}).search, 'aria-current': address.get('view') === name ? 'page' : null, text: v.name,
    onclick: (event) => {
      if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
      event.preventDefault();
      change({view: name});
    },
  })));
}

// tell shows a failure, and what was drawn before under it.
function tell(failure, seconds) {
  plots.setAttribute('aria-busy', 'false');
  plots.classList.toggle('stale', failure !== null && shown !== null);
  notice.hidden = failure === null;
  if (failure === null) {
    notice.replaceChildren();
    return;
  }
  const again = seconds ? ` The page tries again in ${seconds} s.` : '';
  const kept = shown ? ' What is drawn below is of before.' : '';
  notice.replaceChildren(element('span', {text: failure.message + again + kept}), ' ', element('button', {type: 'button', text: 'Try now', onclick: show}), failure.status === 403 ? tokenBox() : '',
    choices ? '' : element('a', {href: '?', text: 'Start with what is open'}));
  if (!shown) plots.replaceChildren(element('p', {class: 'faint', text: 'There is nothing to show.'}));
  if (choices) {
    navigation();
    update(address, choices, values);
  }
}

function tokenBox() {
  const input = element('input', {type: 'password', id: 'token', autocomplete: 'off', 'aria-label': 'Token'});
  return element('span', {class: 'row'}, ' Token: ', input, element('button', {type: 'button', text: 'Use', onclick: () => {
    sessionStorage.setItem('token', input.value);
    show();
  }}));
}

const show = recovering(load, tell);

function tools() {
  const menu = element('details', {class: 'menu', id: 'save'}, element('summary', {text: 'Save as'}));
  const choice = (name, run) => element('button', {type: 'button', 'data-save': name, text: name, onclick: async () => {
    menu.open = false;
    try {
      await run(`${shown.answer.metric.name}-${shown.drawn.path}`.replaceAll(/[^A-Za-z0-9_.-]/g, '_'));
    } catch (error) {
      tell(error, 0);
    }
  }});
  menu.append(element('div', {},
    choice('CSV', async (name) => save(`${name}.csv`, await (await request(shown.address.of(shown.drawn.path, {format: 'csv'}), {token: token()})).blob())),
    choice('JSON', (name) => save(`${name}.json`, textOf(shown.answer), 'application/json')),
    choice('SVG', (name) => save(`${name}.svg`, pictureOf().text, 'image/svg+xml')),
    choice('PNG', async (name) => save(`${name}.png`, await png(pictureOf()), 'image/png')),
    choice('HTML', async (name) => save(`${name}.html`, await file(), 'text/html'))));
  return element('div', {class: 'row'}, element('span', {class: 'push'}), element('button', {type: 'button', id: 'sql', text: 'SQL', onclick: queries}), menu);
}

const title = () => `${shown.answer.metric.name}, ${shown.drawn.name.toLowerCase()}, ${shown.address.get('channel')} ${shown.address.all('version').join(', ')}`;
const pictureOf = () => picture(title(), [...plots.querySelectorAll('.plot svg')]);
const sql = () => json(shown.address.of(`${shown.drawn.path}/sql`), (a) => typeof a.postgresql === 'string' && typeof a.trino === 'string', {token: token()});

async function file() {
  return standalone({
    title: title(), address: `${location.origin}${location.pathname}${shown.address.search}`, svg: plots.querySelector('.plot svg') ? pictureOf().text : null, tables: [...plots.querySelectorAll('table')],
    queries: named(await sql()), data: textOf(shown.answer),
  });
}

const named = ({postgresql, trino}) => ({PostgreSQL: postgresql, Trino: trino});

async function queries() {
  try {
    const all = named(await sql());
    dialog.replaceChildren(element('h2', {id: 'queries-title', text: 'SQL that gives the histograms shown'}),
      element('p', {class: 'faint', text: 'An array has the counts of the buckets, and then sum and count. Percentiles and bounds are computed from it.'}),
      ...Object.entries(all).flatMap(([name, text]) => [element('h3', {text: name}), element('pre', {'data-sql': name, tabindex: 0, text}),
        navigator.clipboard ? element('button', {type: 'button', text: `Copy ${name}`, onclick: () => navigator.clipboard.writeText(text)}) : '']), // only secure pages have a clipboard
      element('p', {}, element('button', {type: 'button', text: 'Close', onclick: () => dialog.close()})));
    dialog.showModal();
  } catch (error) {
    tell(error, 0);
  }
}

addEventListener('popstate', () => {
  address = new Address(location.search);
  show();
});
redrawOnChange(() => shown && draw());
show();
