// SPDX-License-Identifier: Apache-2.0
// What the plots of a page that opens from disk share.
'use strict';

const dark = window.matchMedia('(prefers-color-scheme: dark)');
const number = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', {notation: 'compact'});
const percent = new Intl.NumberFormat('en', {style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1});

// Colours for all kinds of colour vision (Okabe and Ito), darker on a light background.
const palettes = {
  light: ['#0072b2', '#d55e00', '#009e73', '#b3568c', '#a67c00', '#b81f36', '#6b4fbb', '#7a7a7a'],
  dark: ['#56b4e9', '#ff8c42', '#2fce9c', '#e29ac4', '#f0d94a', '#ff6b7d', '#b8a4ff', '#b5b5b5'],
};

function colourOf(i) {
  const palette = palettes[dark.matches ? 'dark' : 'light'];
  return palette[i % palette.length];
}

function css(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

function text() {
  return {color: css('--ink'), fontFamily: getComputedStyle(document.body).fontFamily};
}

function tooltip(more) {
  return {
    backgroundColor: css('--ground'), borderColor: css('--line'), textStyle: text(), confine: true, ...more,
  };
}

// tip makes a tooltip: a title, and lines of a colour and text.
function tip(title, lines) {
  const node = document.createElement('div');
  node.className = 'tip';
  node.append(Object.assign(document.createElement('b'), {textContent: title}));
  for (const {colour, text} of lines) {
    const line = document.createElement('div');
    const dot = document.createElement('span');
    dot.className = 'dot';
    dot.style.background = colour;
    line.append(dot, ` ${text}`);
    node.append(line);
  }
  return node;
}

function axis({axisLabel, ...more}) {
  return {
    nameTextStyle: {color: css('--faint')}, nameLocation: 'middle',
    axisLabel: {color: css('--faint'), ...axisLabel}, axisLine: {lineStyle: {color: css('--line')}},
    axisTick: {lineStyle: {color: css('--line')}}, splitLine: {lineStyle: {color: css('--line'), opacity: 0.6}},
    ...more,
  };
}

function dayName(day) {
  return new Date(day + 'T00:00:00Z').toLocaleDateString('en', {day: 'numeric', month: 'short', timeZone: 'UTC'});
}

function longDayName(day) {
  return new Date(day + 'T00:00:00Z').toLocaleDateString('en',
    {weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC'});
}

function common() {
  return {animation: false, textStyle: text(), aria: {enabled: true}, backgroundColor: 'transparent'};
}

// bandOf is the area between the bounds of a series; a value is [estimate, lower, upper] or null. It is an invisible line of
// the lower bounds, and stacked on it the differences to the upper bounds.
function bandOf(segment, values, colour) {
  const lower = values.map((f) => (f ? f[1] : null));
  const height = values.map((f) => (f ? f[2] - f[1] : null));
  const hidden = {type: 'line', name: segment, stack: 'band ' + segment, symbol: 'none', silent: true, lineStyle: {opacity: 0}};
  return [
    {...hidden, data: lower, itemStyle: {color: colour}},
    {...hidden, data: height, itemStyle: {color: colour}, areaStyle: {color: colour, opacity: 0.18}},
  ];
}
