// SPDX-License-Identifier: Apache-2.0
// Exports of a page: files that the browser saves.
import {element, shape, colour} from './dom.js';

// save gives a file to the browser.
export function save(name, content, type) {
  const link = element('a', {href: URL.createObjectURL(content instanceof Blob ? content : new Blob([content], {type})), download: name});
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

const line = 18; // height of a line of text in a picture

// captionOf returns what the page has above a plot: its title, and the names of its series with their colours.
function captionOf(svg) {
  const around = svg.closest('.plot')?.parentElement;
  const legend = around?.querySelector(':scope > .legend') ?? around?.parentElement?.parentElement?.querySelector(':scope > .legend');
  return {
    title: around?.querySelector(':scope > h3')?.textContent ?? '',
    names: [...(legend?.children ?? [])].map((entry) => ({name: entry.textContent, fill: getComputedStyle(entry.firstElementChild).backgroundColor})),
  };
}

// caption writes a title and names with their colours from y on, and returns where it ends.
function caption(svg, {title, names}, y, width) {
  if (title) svg.append(shape('text', {x: 12, y: y + 13, fill: colour('--ink'), 'font-size': 13, 'font-weight': 600, 'font-family': 'system-ui, sans-serif', text: title}));
  let [x, at] = [12, y + (title ? line : 0)];
  for (const {name, fill} of names) {
    const needs = 22 + name.length * 7;
    if (x > 12 && x + needs > width) [x, at] = [12, at + line];
    svg.append(shape('rect', {x, y: at + 3, width: 10, height: 10, fill}),
      shape('text', {x: x + 14, y: at + 12, fill: colour('--ink'), 'font-size': 12, 'font-family': 'system-ui, sans-serif', text: name}));
    x += needs + 8;
  }
  return names.length ? at + line : at;
}

// picture returns the plots of a page below each other as one SVG, with a title. Each has its own title and the names of its series above it.
export function picture(title, plots) {
  const space = 'http://www.w3.org/2000/svg';
  const all = document.createElementNS(space, 'svg');
  let [height, width] = [34, 240];
  const ground = document.createElementNS(space, 'rect');
  const heading = document.createElementNS(space, 'text');
  all.append(ground, heading);
  for (const svg of plots) {
    const copy = svg.cloneNode(true);
    copy.querySelectorAll('[data-cursor]').forEach((mark) => mark.remove());
    copy.removeAttribute('tabindex');
    const [, , w, h] = svg.getAttribute('viewBox').split(' ').map(Number);
    const y = caption(all, captionOf(svg), height, w);
    copy.setAttribute('y', y);
    [width, height] = [Math.max(width, w), y + h + 8];
    all.append(copy);
  }
  for (const [name, value] of [['xmlns', space], ['viewBox', `0 0 ${width} ${height}`], ['width', width], ['height', height]]) all.setAttribute(name, value);
  for (const [name, value] of [['width', width], ['height', height], ['fill', colour('--ground')]]) ground.setAttribute(name, value);
  for (const [name, value] of [['x', 12], ['y', 22], ['fill', colour('--ink')], ['font-size', 14], ['font-family', 'system-ui, sans-serif']]) heading.setAttribute(name, value);
  heading.textContent = title;
  return {text: new XMLSerializer().serializeToString(all), width, height};
}

// png draws an SVG at twice its size.
export async function png({text, width, height}) {
  const image = new Image();
  image.src = URL.createObjectURL(new Blob([text], {type: 'image/svg+xml'}));
  await image.decode();
  const canvas = element('canvas', {width: 2 * width, height: 2 * height});
  canvas.getContext('2d').drawImage(image, 0, 0, canvas.width, canvas.height);
  URL.revokeObjectURL(image.src);
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/png'));
}

// standalone returns one HTML file with a picture (null: none), tables, queries and the data, a text of JSON. It needs no script and no network.
export async function standalone({title, address, svg, tables, queries, data}) {
  const style = await (await fetch('assets/style.css')).text();
  const page = document.implementation.createHTMLDocument(title);
  const add = (parent, name, attributes, content) => {
    const node = page.createElement(name);
    for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
    if (content !== undefined) node.textContent = content;
    parent.append(node);
    return node;
  };
  page.documentElement.lang = 'en';
  page.head.prepend(add(page.head, 'meta', {charset: 'utf-8'}));
  add(page.head, 'meta', {name: 'viewport', content: 'width=device-width, initial-scale=1'});
  add(page.head, 'meta', {'http-equiv': 'Content-Security-Policy', content: "default-src 'none'; style-src 'unsafe-inline'; img-src data:"});
  const main = add(page.body, 'main', {});
  add(main, 'h1', {}, title);
  add(main, 'p', {class: 'faint'}, address);
  if (svg) add(main, 'div', {class: 'panel plot'}).append(page.importNode(new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement, true));
  for (const one of tables) main.append(page.importNode(one, true));
  for (const [name, sql] of Object.entries(queries)) {
    add(main, 'h2', {}, `SQL for ${name}`);
    add(main, 'pre', {}, sql);
  }
  add(main, 'script', {type: 'application/json', id: 'data'}, data.replaceAll('<', '\\u003c'));
  // The policy of this page forbids the element, so that it is added to the text.
  return `<!doctype html>\n${page.documentElement.outerHTML}\n`.replace('</head>', () => `<style>${style}</style></head>`);
}
