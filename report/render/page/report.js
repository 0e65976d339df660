// SPDX-License-Identifier: Apache-2.0
// Draws the charts of a report from the results in the page. Text of results is set as text, never as markup.
'use strict';

const data = JSON.parse(document.getElementById('data').textContent);
const precise = new Intl.NumberFormat('en', {maximumSignificantDigits: 4});
const formats = {
  whole: (v) => number.format(Math.round(v)), precise: (v) => precise.format(v), percent: (v) => percent.format(v),
};

// shownOf returns the format of a chart's values.
function shownOf(chart) {
  const of = formats[chart.format] ?? ((v) => (Number.isInteger(v) ? number.format(v) : precise.format(v)));
  return (v) => (typeof v === 'number' ? of(v) : String(v ?? 'no value'));
}

function tableOf(chart) {
  const table = data.results[chart.data];
  const at = (name) => table.columns.findIndex((c) => c.name.toLowerCase() === name.toLowerCase());
  return {rows: table.rows, at, kind: (name) => table.columns[at(name)].kind};
}

const nameOf = (v) => (v === null ? 'NULL' : String(v));

// seriesOf returns the series of a chart: a name and rows, by the values of a column or by the columns of y.
function seriesOf(chart, table) {
  if (!chart.by) {
    const names = chart.y ?? [chart.x];
    return names.map((name) => ({name, y: table.at(name), rows: table.rows}));
  }
  const groups = new Map();
  for (const row of table.rows) {
    const name = nameOf(row[table.at(chart.by)]);
    if (!groups.has(name)) groups.set(name, []);
    groups.get(name).push(row);
  }
  return [...groups].map(([name, rows]) => ({name, y: table.at((chart.y ?? [chart.x])[0]), rows}));
}

// categories returns the places of the horizontal axis: every calendar day, or the values in their order.
function categories(table, x) {
  const values = [...new Set(table.rows.map((row) => nameOf(row[table.at(x)])))];
  if (table.kind(x) !== 'day' || !values.length) return values;
  const days = [];
  const known = values.filter((v) => v !== 'NULL').sort();
  const last = Date.parse(known[known.length - 1]);
  for (let t = Date.parse(known[0]); t <= last && days.length < 20000; t += 86_400_000) days.push(new Date(t).toISOString().slice(0, 10));
  return days;
}

function base(chart, series, more) {
  return {
    ...common(), useUTC: true,
    legend: {type: 'scroll', top: 4, textStyle: text(), icon: 'roundRect', show: series.length > 1,
      data: series.map((s, i) => ({name: s.name, itemStyle: {color: colourOf(i)}}))},
    grid: {left: 75, right: 25, top: 40, bottom: 80},
    dataZoom: [{type: 'inside', filterMode: 'none'}, {type: 'slider', filterMode: 'none', height: 18, bottom: 12, textStyle: {color: css('--faint')}, borderColor: css('--line')}],
    ...more,
  };
}

function vertical(chart, name) {
  const shown = chart.format === 'percent' ? (v) => percent.format(v) : (v) => short.format(v);
  return axis({type: 'value', name, nameGap: 55, axisLabel: {formatter: shown}});
}

// overCategories draws lines, bands and bars.
function overCategories(chart) {
  const table = tableOf(chart);
  const places = categories(table, chart.x);
  const place = new Map(places.map((v, i) => [v, i]));
  const series = seriesOf(chart, table).map((s) => {
    const values = Array(places.length).fill(null);
    for (const row of s.rows) {
      const i = place.get(nameOf(row[table.at(chart.x)]));
      if (i !== undefined && row[s.y] !== null) values[i] = [row[s.y], chart.lower ? row[table.at(chart.lower)] : null, chart.upper ? row[table.at(chart.upper)] : null];
    }
    return {...s, values};
  });
  const shown = shownOf(chart);
  const type = chart.type === 'bar' ? 'bar' : 'line';
  return base(chart, series, {
    xAxis: axis({type: 'category', data: places, axisLabel: {formatter: table.kind(chart.x) === 'day' ? dayName : (v) => v}}),
    yAxis: vertical(chart, series.map((s) => s.name).length === 1 || chart.by ? (chart.y ?? [''])[0] : ''),
    tooltip: tooltip({trigger: 'axis', formatter: (points) => {
      const i = points[0].dataIndex;
      return tip(table.kind(chart.x) === 'day' ? longDayName(places[i]) : places[i], series.flatMap((s, at) => {
        const v = s.values[i];
        if (v === null) return [];
        return [{colour: colourOf(at), text: `${s.name}: ${shown(v[0])}${chart.lower ? ` (${shown(v[1])} to ${shown(v[2])})` : ''}`}];
      }));
    }}),
    series: series.flatMap((s, i) => [
      ...(chart.type === 'band' ? bandOf(s.name, s.values, colourOf(i)) : []),
      {type, id: `estimate ${s.name}`, name: s.name, data: s.values.map((v) => (v ? v[0] : null)), symbolSize: 5, symbol: 'circle',
        lineStyle: {width: 2, color: colourOf(i)}, itemStyle: {color: colourOf(i)}},
    ]),
  });
}

function scatter(chart) {
  const table = tableOf(chart);
  const series = seriesOf(chart, table);
  const kind = {number: 'value', day: 'time', time: 'time'}[table.kind(chart.x)] ?? 'category';
  const shown = shownOf(chart);
  return base(chart, series, {
    xAxis: axis({type: kind, name: chart.x, nameGap: 28, scale: true}), yAxis: {...vertical(chart, chart.y[0]), scale: true},
    dataZoom: [{type: 'inside', xAxisIndex: 0, filterMode: 'none'}, {type: 'inside', yAxisIndex: 0, filterMode: 'none'}],
    tooltip: tooltip({trigger: 'item', formatter: (p) => tip(p.seriesName, [{colour: p.color, text: `${shown(p.value[0])}, ${shown(p.value[1])}`}])}),
    series: series.map((s, i) => ({type: 'scatter', id: `estimate ${s.name}`, name: s.name, itemStyle: {color: colourOf(i)}, symbolSize: 7,
      data: s.rows.map((row) => [row[table.at(chart.x)], row[s.y]])})),
  });
}

// histogram counts the values of a column in bins of equal width.
function histogram(chart) {
  const table = tableOf(chart);
  const series = seriesOf({...chart, y: [chart.x]}, table).map((s) => ({...s, found: s.rows.map((row) => row[s.y]).filter((v) => typeof v === 'number')}));
  let [low, high] = [Infinity, -Infinity];
  for (const v of series.flatMap((s) => s.found)) [low, high] = [Math.min(low, v), Math.max(high, v)];
  const bins = chart.bins || 30;
  const width = (high - low) / bins || 1;
  const edges = Array.from({length: bins}, (_, i) => low + i * width);
  const counts = series.map((s) => {
    const all = Array(bins).fill(0);
    for (const v of s.found) all[Math.min(Math.floor((v - low) / width), bins - 1)]++;
    return all;
  });
  return base(chart, series, {
    xAxis: axis({type: 'category', name: chart.x, nameGap: 28, data: edges.map((v) => precise.format(v))}), yAxis: axis({type: 'value', name: 'rows', nameGap: 55, axisLabel: {formatter: (v) => short.format(v)}}),
    tooltip: tooltip({trigger: 'axis', formatter: (points) => {
      const i = points[0].dataIndex;
      return tip(`${precise.format(edges[i])} to ${precise.format(edges[i] + width)}`, series.map((s, at) => ({colour: colourOf(at), text: `${s.name}: ${number.format(counts[at][i])}`})));
    }}),
    series: series.map((s, i) => ({type: 'bar', id: `estimate ${s.name}`, name: s.name, data: counts[i], barCategoryGap: '5%', itemStyle: {color: colourOf(i)}})),
  });
}

function heatmap(chart) {
  const table = tableOf(chart);
  const [xs, ys] = [categories(table, chart.x), categories(table, chart.y[0])];
  const [x, y, value] = [table.at(chart.x), table.at(chart.y[0]), table.at(chart.value)];
  const cells = table.rows.filter((row) => row[value] !== null).map((row) => [xs.indexOf(nameOf(row[x])), ys.indexOf(nameOf(row[y])), row[value]]);
  const all = cells.map((c) => c[2]);
  const shown = shownOf(chart);
  return base(chart, [], {
    xAxis: axis({type: 'category', data: xs}), yAxis: axis({type: 'category', data: ys}), grid: {left: 20, right: 90, top: 20, bottom: 60, containLabel: true},
    dataZoom: [{type: 'inside', xAxisIndex: 0, filterMode: 'none'}, {type: 'slider', xAxisIndex: 0, height: 18, bottom: 12, filterMode: 'none', borderColor: css('--line')}],
    visualMap: {min: all.reduce((a, b) => Math.min(a, b), 0), max: all.reduce((a, b) => Math.max(a, b), 0), right: 5, top: 'middle', calculable: true, textStyle: text(), formatter: shown,
      inRange: {color: dark.matches ? ['#1a2029', '#56b4e9', '#f0d94a'] : ['#f6f7f9', '#0072b2', '#1c2430']}},
    tooltip: tooltip({trigger: 'item', formatter: (p) => tip(`${xs[p.value[0]]}, ${ys[p.value[1]]}`, [{colour: p.color, text: shown(p.value[2])}])}),
    series: [{type: 'heatmap', id: 'estimate', name: chart.value, data: cells}],
  });
}

const makers = {line: overCategories, band: overCategories, bar: overCategories, scatter, histogram, heatmap};

function draw() {
  for (const [id, chart] of Object.entries(data.charts)) {
    const node = document.getElementById(id);
    const plot = echarts.getInstanceByDom(node) || echarts.init(node, null, {renderer: 'canvas'});
    plot.resize();
    plot.setOption(makers[chart.type](chart), true);
  }
}

function save(name, content, type) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], {type}));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function csv({columns, rows}) {
  const quote = (v) => (v === null ? '' : v === '' || /[",\r\n]|^ /.test(v) ? `"${String(v).replaceAll('"', '""')}"` : String(v));
  return [columns.map((c) => c.name), ...rows].map((row) => row.map(quote).join(',')).join('\n') + '\n';
}

function listen(attribute, call) {
  for (const button of document.querySelectorAll(`[data-${attribute}]`)) button.addEventListener('click', () => call(button.dataset[attribute]));
}

listen('csv', (name) => save(`${name}.csv`, csv(data.results[name]), 'text/csv'));
listen('json', (name) => save(`${name}.json`, JSON.stringify(data.results[name]), 'application/json'));
listen('reset', (id) => echarts.getInstanceByDom(document.getElementById(id)).dispatchAction({type: 'dataZoom', batch: [0, 1].map((dataZoomIndex) => ({dataZoomIndex, start: 0, end: 100}))}));
draw();
dark.addEventListener('change', draw);
window.addEventListener('resize', draw);
