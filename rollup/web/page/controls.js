// SPDX-License-Identifier: Apache-2.0
// The controls of the page. Each is made once, and shows what the address and the choices of the server say.
import {element, format} from './dom.js';

// names of columns for readers; an added dimension has its own name
const columnNames = {application: 'Application', architecture: 'Architecture', os: 'OS', os_version: 'OS version', process: 'Process', label: 'Key', e10s_enabled: 'e10s', version: 'Version', date: 'Date'};
export const columnName = (name) => columnNames[name] ?? name;

// noValue names the empty value of a column.
export const noValue = (column) => `(no ${columnName(column).toLowerCase()})`;

const several = '\u0000'; // the entry of a list for several values
const empty = '\u0001'; // and for the value without text: that of all is ''
const mostListed = 100; // entries of a list; a search finds the others

let serial = 0;

// select makes a labelled list. set(choices, value) has choices {value, text}.
function select(label, change) {
  const id = `c${serial++}`;
  const list = element('select', {id, onchange: () => change(list.value)});
  const node = element('div', {}, element('label', {for: id, text: label}), list);
  let shown = '';
  return {
    node, list,
    set(choices, value) {
      const key = JSON.stringify(choices);
      if (key !== shown) {
        list.replaceChildren(...choices.map((c) => element('option', {value: c.value, text: c.text})));
        shown = key;
      }
      if (!choices.some((c) => c.value === value)) { // an address can name what is not there
        list.append(element('option', {value, text: `${value} (not there)`}));
        shown = '';
      }
      list.value = value;
    },
  };
}

// picker makes a searchable list of measures with their descriptions, the combobox of the ARIA patterns.
function picker(label, change) {
  const id = `c${serial++}`;
  const input = element('input', {id, role: 'combobox', autocomplete: 'off', spellcheck: 'false', 'aria-autocomplete': 'list', 'aria-expanded': 'false', 'aria-controls': `${id}-list`});
  const list = element('ul', {id: `${id}-list`, role: 'listbox', class: 'list', 'aria-label': label, hidden: true});
  const node = element('div', {class: 'wide'}, element('label', {for: id, text: label}), input, list);
  let [all, value, found, at] = [[], '', [], -1];
  const close = () => {
    list.hidden = true;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };
  const choose = (metric) => {
    close();
    value = metric.name;
    input.value = metric.name;
    change(metric.name);
  };
  const mark = (i) => {
    list.children[at]?.setAttribute('aria-selected', 'false');
    at = i;
    const option = list.children[i];
    if (!option) return;
    option.setAttribute('aria-selected', 'true');
    option.scrollIntoView({block: 'nearest'});
    input.setAttribute('aria-activedescendant', option.id);
  };
  const search = () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    const matching = all.filter((m) => words.every((w) => m.name.toLowerCase().includes(w) || m.description.toLowerCase().includes(w)));
    found = matching.slice(0, mostListed);
    list.replaceChildren(...found.map((m, i) => element('li', {
      id: `${id}-${i}`, role: 'option', 'aria-selected': 'false', onmousedown: (event) => { event.preventDefault(); choose(m); },
    }, m.name, element('small', {text: m.description || m.kind}))));
    const rest = matching.length - found.length;
    const note = found.length === 0 ? 'No measure has these words.' : rest > 0 ? `${format.whole(rest)} more: type words of the name or the description.` : null;
    if (note) list.append(element('li', {class: 'faint', role: 'option', 'aria-disabled': 'true', 'aria-selected': 'false', text: note}));
    list.hidden = false;
    input.setAttribute('aria-expanded', 'true');
    at = -1;
    if (found.length) mark(0);
  };
  input.addEventListener('input', search);
  input.addEventListener('click', () => { input.select(); search(); });
  input.addEventListener('blur', () => { close(); input.value = value; });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') { close(); input.value = value; return; }
    if (event.key === 'Enter' && !list.hidden && found[at]) choose(found[at]);
    else if (event.key === 'ArrowDown') list.hidden ? search() : mark(Math.min(at + 1, found.length - 1));
    else if (event.key === 'ArrowUp') mark(Math.max(at - 1, 0));
    else return;
    event.preventDefault();
  });
  return {
    node, input,
    set(metrics, now) {
      all = metrics;
      value = now;
      if (document.activeElement !== input) input.value = now;
    },
  };
}

// checks makes a list of boxes that can be searched; change(values) gets those that are on, up to most.
function checks(label, most, change) {
  const filter = element('input', {type: 'search', 'aria-label': `Search ${label}`, placeholder: 'Search'});
  const list = element('ul', {class: 'legend'});
  const title = element('summary');
  const node = element('details', {class: 'wide'}, title, filter, list);
  let [choices, on] = [[], []];
  const draw = () => {
    const words = filter.value.toLowerCase();
    const missing = on.filter((v) => !choices.some((c) => c.value === v)).map((v) => ({value: v, text: `${v} (not there)`}));
    const matching = [...missing, ...choices.filter((c) => on.includes(c.value) || c.text.toLowerCase().includes(words))];
    const listed = matching.filter((c, i) => i < mostListed || on.includes(c.value));
    list.replaceChildren(...listed.map((c) => {
      const box = element('input', {type: 'checkbox', value: c.value, onchange: () => change(box.checked ? [...on, c.value] : on.filter((v) => v !== c.value))});
      box.checked = on.includes(c.value);
      box.disabled = !box.checked && on.length >= most;
      return element('li', {}, element('label', {}, box, ` ${c.text}`));
    }));
    const rest = matching.length - listed.length;
    if (rest > 0) list.append(element('li', {class: 'faint', text: `${format.whole(rest)} more: search for them.`}));
  };
  filter.addEventListener('input', draw);
  return {
    node,
    set(next, values) {
      const focused = document.activeElement?.value;
      const inside = list.contains(document.activeElement);
      [choices, on] = [next, values];
      filter.hidden = choices.length < 8;
      title.textContent = `${label}: ${on.length ? on.map((v) => choices.find((c) => c.value === v)?.text ?? v).join(', ') : 'all'}`;
      draw();
      if (inside) list.querySelector(`input[value="${CSS.escape(focused)}"]`)?.focus();
    },
  };
}

const named = (values, text = (v) => v) => values.map((v) => ({value: v, text: text(v)}));

// controls makes all of them. change(changes) is called with changes of the address.
export function controls(node, change) {
  let compared = ''; // a comparison by keys is over with another measure
  const one = {
    metric: picker('Measure', (v) => change({metric: v, label: null, ref: null, ...(compared === 'label' ? {compare: null} : {})})),
    over: picker('Divided by (ratio of sums)', (v) => change({over: v})),
    channel: select('Channel', (v) => change({channel: v, version: null, from: null, to: null, date: null, ref: null})),
    kind: select('By', (v) => change({kind: v, from: null, to: null, date: null, ref: null})),
    version: checks('Versions', 8, (v) => change({version: v.length ? v : null, from: null, to: null, date: null, ref: null})),
    from: select('From', (v) => change({from: v || null, date: null})),
    to: select('To', (v) => change({to: v || null, date: null})),
    compare: select('Compare by', (v) => change({compare: v || null})),
    label: checks('Keys', 8, (v) => change({label: v.length ? v : null, ...(v.length > 1 ? {compare: 'label'} : compared === 'label' ? {compare: null} : {})})),
  };
  const columns = {};
  node.append(...['metric', 'channel', 'version', 'kind', 'from', 'to'].map((name) => one[name].node));
  const end = element('div', {hidden: true});
  node.append(end, one.compare.node, one.over.node, one.label.node);
  const none = element('div', {}, element('button', {type: 'button', text: 'No ratio', onclick: () => change({over: null})}));
  node.append(none);

  return (address, choices, values) => {
    compared = address.get('compare');
    const versions = choices.versions.map((v) => v.version);
    one.metric.set(choices.metrics, address.get('metric'));
    one.channel.set(choices.channels.map((c) => ({value: c.name, text: c.withheld ? `${c.name} (needs a token)` : c.name})), address.get('channel'));
    one.kind.set([{value: 'build_id', text: 'build'}, {value: 'submission_date', text: 'submission day'}], address.get('kind'));
    one.version.set(named(versions), address.all('version'));
    const dates = [...new Set(choices.versions.filter((v) => address.all('version').includes(v.version)).flatMap((v) => v.dates))].sort();
    const picked = address.all('date').flatMap((v) => v.split(',')); // an address can have dates of its own
    const range = (control, empty, value) => control.set([{value: '', text: empty}, ...named(dates, format.date), ...(picked.length ? [{value: several, text: picked.length === 1 ? format.date(picked[0]) : `${picked.length} dates`}] : [])],
      picked.length ? several : value);
    range(one.from, 'first', address.get('from'));
    range(one.to, 'last', address.get('to'));
    for (const column of choices.columns.filter((c) => c !== 'label')) {
      if (!columns[column]) {
        columns[column] = select(columnName(column), (v) => change({[column]: v === empty ? [''] : v || null}));
        end.before(columns[column].node);
      }
      const known = choices.values[column] ?? (values[column] ?? []).map((v) => v.value);
      const chosen = address.all(column); // an address can have several
      const text = (v) => v || noValue(column);
      columns[column].set([{value: '', text: 'all'}, ...known.map((v) => ({value: v || empty, text: text(v)})), ...(chosen.length > 1 ? [{value: several, text: chosen.map(text).join(' or ')}] : [])],
        chosen.length > 1 ? several : chosen[0] === '' ? empty : address.get(column));
    }
    const evolution = address.get('view') === 'evolution';
    const keys = (values.label ?? []).filter((v) => v.value !== '');
    const comparable = ['version', ...(evolution ? [] : ['date']), ...choices.columns.filter((c) => c !== 'label' || keys.length)];
    one.compare.set([{value: '', text: 'nothing'}, ...named(comparable, columnName)], evolution && address.get('compare') === 'date' ? '' : address.get('compare'));
    one.label.node.hidden = !keys.length && !address.all('label').length;
    one.label.set(keys.map((k) => ({value: k.value, text: `${k.value} (${format.compact(k.count)})`})), address.all('label'));
    one.over.node.hidden = !evolution;
    one.over.set(choices.metrics, address.get('over'));
    none.hidden = !evolution || !address.get('over');
  };
}
