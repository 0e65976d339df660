// SPDX-License-Identifier: Apache-2.0
// Elements and number formats. Text is always set as text, never as markup.

const svgSpace = 'http://www.w3.org/2000/svg';

// element makes an element. Attributes that are null, undefined or false are left out; those whose name starts with "on"
// are listeners; "text" is its text.
export function element(name, attributes = {}, ...children) {
  return fill(document.createElement(name), attributes, children);
}

// shape makes an element of SVG.
export function shape(name, attributes = {}, ...children) {
  return fill(document.createElementNS(svgSpace, name), attributes, children);
}

function fill(node, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'text') node.textContent = value;
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return node;
}

const whole = new Intl.NumberFormat('en', {maximumFractionDigits: 0});
const compact = new Intl.NumberFormat('en', {notation: 'compact', maximumFractionDigits: 1});
const precise = new Intl.NumberFormat('en', {maximumSignificantDigits: 4});
const percent = new Intl.NumberFormat('en', {style: 'percent', maximumSignificantDigits: 3});
const scientific = new Intl.NumberFormat('en', {notation: 'scientific', maximumFractionDigits: 2});
const nearlyAll = 0.9995; // a share from here on, but below 1, would be written as 100%

// The formats take null, and write it as a dash.
export const format = {
  whole: (v) => (v === null || v === undefined ? '–' : whole.format(v)),
  compact: (v) => (v === null || v === undefined ? '–' : (Math.abs(v) >= 1e15 ? scientific : compact).format(v)),
  precise: (v) => (v === null || v === undefined ? '–' : (Math.abs(v) >= 1000 ? whole : precise).format(v)),
  percent: (v) => (v === null || v === undefined ? '–' : v >= nearlyAll && v < 1 ? '>99.9%' : percent.format(v)),
  date: (text) => (/^\d{8}$/.test(text) ? `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}` : text),
};

// isolated keeps the direction of a text, as Arabic's, from the text around it.
export const isolated = (text) => (/[\u0590-\u08ff\u200f\u202a-\u202e\ufb1d-\ufdff\ufe70-\ufefc]/.test(text) ? `\u2068${text}\u2069` : text);

// bounds writes the bounds of a figure.
export function bounds(figure, write = format.precise) {
  if (!figure || (figure.lower === null && figure.upper === null)) return 'bounds not known';
  if (figure.upper === null) return `${write(figure.lower)} or more`;
  return `${write(figure.lower)} to ${write(figure.upper)}`;
}

// table makes a table with a caption. A cell is text, or {text, value} with the exact value for exports and tests.
export function table(caption, header, rows) {
  const cell = (name, content, column) => {
    const {text, value} = typeof content === 'object' && content !== null ? content : {text: content, value: content};
    const number = column > 0 && header[column] && header[column].number;
    return element(name, {scope: name === 'th' ? 'row' : null, class: number ? 'number' : null, 'data-value': value ?? '', text: text ?? '–'});
  };
  return element('div', {class: 'scroll', tabindex: 0, role: 'region', 'aria-label': caption},
    element('table', {},
      element('caption', {text: caption}),
      element('thead', {}, element('tr', {}, header.map((h) => element('th', {scope: 'col', class: h.number ? 'number' : null, text: h.name})))),
      element('tbody', {}, rows.map((row) => element('tr', {}, row.map((c, i) => cell(i === 0 ? 'th' : 'td', c, i)))))));
}

// colour returns the colour of a name of style.css, so that an exported picture has it too.
export function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// redrawOnChange calls draw when what plots are drawn for changes: the width of the page, and light or dark.
export function redrawOnChange(draw) {
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  let width = innerWidth;
  addEventListener('resize', () => {
    if (innerWidth !== width) {
      width = innerWidth;
      draw();
    }
  });
}
