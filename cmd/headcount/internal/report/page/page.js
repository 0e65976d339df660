// Draws the plots of a page from the figures in it. A figure is [estimate, lower, upper, exact]. exact is null if it is
// not known. A figure is null on a day without data.
'use strict';

const figures = JSON.parse(document.getElementById('figures').textContent);

// The number of segments that are selected at first: those with the most clients.
const shownAtFirst = 8;

// describe writes a figure for a tooltip.
function describe(figure, format) {
  const exact = figure[3] === null ? '' : `, exactly ${format(figure[3])}`;
  return `${format(figure[0])} (${format(figure[1])} to ${format(figure[2])}${exact})`;
}

function lineOf(segment, values, colour) {
  return {
    type: 'line', id: 'estimate ' + segment, name: segment, data: values.map((f) => (f ? f[0] : null)), symbol: 'circle', symbolSize: 5,
    lineStyle: {width: 2, color: colour}, itemStyle: {color: colour}, emphasis: {focus: 'series'},
  };
}

function exactOf(segment, values, colour) {
  return {
    type: 'line', id: 'exact ' + segment, name: segment, data: values.map((f) => (f ? f[3] : null)), symbol: 'none', silent: true,
    z: 3, lineStyle: {width: 1.5, type: [3, 3], color: css('--ink'), opacity: 0.75}, itemStyle: {color: colour},
  };
}

// overTime is a plot of a measure by day, a line a segment.
function overTime(measure, name, format, short) {
  const series = figures.segments.flatMap((segment, i) => {
    const values = segment[measure];
    const all = [...bandOf(segment.name, values, colourOf(i)), lineOf(segment.name, values, colourOf(i))];
    return figures.exact ? [...all, exactOf(segment.name, values, colourOf(i))] : all;
  });
  const without = figures.days.filter((_, i) => figures.segments.every((s) => s[measure][i] === null));
  series.push({
    type: 'line', name: 'no data', data: [], silent: true,
    markLine: {
      symbol: 'none', lineStyle: {color: css('--line'), width: 8, type: 'solid', opacity: 0.8},
      label: {formatter: 'no data', color: css('--faint'), fontSize: 11},
      data: without.map((day) => ({xAxis: day})),
    },
  });
  return {
    ...common(),
    legend: legend(),
    grid: {left: 70, right: 25, top: 40, bottom: 80},
    xAxis: axis({type: 'category', data: figures.days, axisLabel: {formatter: dayName}}),
    yAxis: axis({type: 'value', name, nameGap: 52, axisLabel: {formatter: short}, scale: measure === 'er'}),
    dataZoom: [{type: 'inside', filterMode: 'none'}, {
      type: 'slider', filterMode: 'none', height: 18, bottom: 12, labelFormatter: (_, day) => (day ? dayName(day) : ''),
      textStyle: {color: css('--faint')}, borderColor: css('--line'),
    }],
    tooltip: tooltip({
      trigger: 'axis',
      formatter: (shown) => {
        const day = shown[0].dataIndex;
        const names = new Set(shown.map((s) => s.seriesName));
        const lines = figures.segments.map((segment, i) => [segment, i])
          .filter(([segment]) => names.has(segment.name) && segment[measure][day])
          .sort(([a], [b]) => b[measure][day][0] - a[measure][day][0])
          .map(([segment, i]) => ({colour: colourOf(i), text: `${segment.name}: ${describe(segment[measure][day], format)}`}));
        return tip(longDayName(figures.days[day]) + (lines.length ? '' : ': no data'), lines);
      },
    }),
    series,
  };
}

function legend() {
  const rest = figures.segments.slice(shownAtFirst).map((segment) => [segment.name, false]);
  return {
    type: 'scroll', top: 4, textStyle: text(), pageTextStyle: text(), pageIconColor: css('--accent'), icon: 'roundRect',
    data: figures.segments.map((segment, i) => ({name: segment.name, itemStyle: {color: colourOf(i)}})),
    selected: Object.fromEntries(rest), show: figures.segments.length > 1,
  };
}

// bySegment is a plot of one figure a segment, with its bounds as whiskers.
function bySegment(name, format, short, figureOf) {
  const rows = figures.segments.map((segment, i) => ({name: segment.name, figure: figureOf(segment), colour: colourOf(i)}))
    .filter((row) => row.figure).reverse();
  return {
    ...common(),
    grid: {left: 20, right: 40, top: 20, bottom: 50, containLabel: true},
    xAxis: axis({type: 'value', name, nameGap: 32, scale: true, axisLabel: {formatter: short}}),
    yAxis: axis({type: 'category', data: rows.map((row) => row.name), splitLine: {show: true, lineStyle: {color: css('--line'), opacity: 0.6}}}),
    tooltip: tooltip({
      trigger: 'axis', axisPointer: {type: 'shadow'},
      formatter: (shown) => {
        const row = rows[shown[0].dataIndex];
        return tip(row.name, [{colour: row.colour, text: describe(row.figure, format)}]);
      },
    }),
    series: [
      {type: 'custom', name: 'bounds', renderItem: whisker, data: rows.map((row, i) => [row.figure[1], row.figure[2], i, row.colour]), encode: {x: [0, 1], y: 2}},
      {type: 'scatter', id: 'estimate', name: 'estimate', symbolSize: 11, data: rows.map((row) => ({value: [row.figure[0], row.name], itemStyle: {color: row.colour}}))},
      {
        type: 'scatter', id: 'exact', name: 'exact', symbol: 'diamond', symbolSize: 13,
        data: rows.filter((row) => row.figure[3] !== null).map((row) => ({
          value: [row.figure[3], row.name], itemStyle: {color: css('--raised'), borderColor: css('--ink'), borderWidth: 1.5},
        })),
      },
    ],
  };
}

function whisker(params, api) {
  const [left, right] = [api.coord([api.value(0), api.value(2)]), api.coord([api.value(1), api.value(2)])];
  const style = {stroke: api.value(3), lineWidth: 2};
  const line = (x1, y1, x2, y2) => ({type: 'line', shape: {x1, y1, x2, y2}, style});
  return {
    type: 'group',
    children: [
      line(left[0], left[1], right[0], right[1]), line(left[0], left[1] - 6, left[0], left[1] + 6),
      line(right[0], right[1] - 6, right[0], right[1] + 6),
    ],
  };
}

const whole = (v) => number.format(Math.round(v));
const slider = document.getElementById('day');

// What each plot of the page shows.
const options = {
  dau: () => overTime('dau', 'clients a day', whole, (v) => short.format(v)),
  mau: () => overTime('mau', 'clients in 28 days', whole, (v) => short.format(v)),
  er: () => overTime('er', 'DAU/MAU', (v) => percent.format(v), (v) => percent.format(v)),
  segments: () => bySegment('DAU/MAU', (v) => percent.format(v), (v) => percent.format(v), (s) => s.er[Number(slider.value)]),
  totals: () => bySegment('clients', whole, (v) => short.format(v), (s) => s.total),
};

function draw() {
  for (const plot of document.querySelectorAll('.plot')) {
    const perSegment = plot.id === 'segments' || plot.id === 'totals';
    if (perSegment) {
      plot.style.height = `${110 + 34 * figures.segments.length}px`;
    }
    const chart = echarts.getInstanceByDom(plot) || echarts.init(plot, null, {renderer: 'svg'});
    chart.resize();
    chart.setOption(options[plot.id](), true);
    if (!perSegment) {
      chart.group = 'over time';
    }
  }
  echarts.connect('over time');
}

if (slider) {
  const output = document.querySelector('output[for=day]');
  const show = () => { output.textContent = longDayName(figures.days[Number(slider.value)]); };
  slider.max = figures.days.length - 1;
  slider.value = figures.days.length - 1;
  slider.addEventListener('input', () => {
    show();
    echarts.getInstanceByDom(document.getElementById('segments')).setOption(options.segments(), true);
  });
  show();
}

document.getElementById('save').addEventListener('click', () => {
  const quote = (v) => (v === '' || /[",\r\n]|^ /.test(v) ? `"${v.replaceAll('"', '""')}"` : v);
  const lines = [...document.querySelectorAll('tr')].map((row) =>
    [...row.cells].map((cell) => (cell.hasAttribute('data-null') ? '' : quote(cell.dataset.value ?? cell.textContent))).join(','));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([lines.join('\n') + '\n'], {type: 'text/csv'}));
  link.download = 'engagement.csv';
  link.click();
  URL.revokeObjectURL(link.href);
});

draw();
dark.addEventListener('change', draw);
window.addEventListener('resize', draw);
