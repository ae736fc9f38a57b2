// Charts, drawn by uPlot. Each has a title, a line with its values at the cursor, and a table with the same values.

const chartFont = "12px system-ui, -apple-system, 'Segoe UI', Roboto, 'Liberation Sans', Arial, sans-serif";
const drawn = new Set();

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

for (const query of ["(prefers-color-scheme: dark)", "print"]) {
  matchMedia(query).addEventListener("change", () => drawn.forEach((plot) => plot.redraw()));
}

/**
 * A line chart of values over one quantity.
 *
 * chart: title; summary, the chart in a sentence; x and y, each with label, format, range and step (see axis); values, the
 * places on x; series, each with label, values, color (the name of a CSS variable), and fill, dash, points or bars; group,
 * a name that charts with a common cursor share; tall.
 */
function chartFigure(chart) {
  const id = newId("chart");
  const readout = element("p", { class: "readout", id: `${id}-values` });
  const host = element("div", {
    class: chart.tall ? "chart tall" : "chart", tabindex: 0, role: "group",
    "aria-roledescription": "chart", "aria-label": `${chart.title}. ${chart.summary} Arrow keys move over the values.`,
  });
  const figure = element("figure", {},
    element("figcaption", {}, element("h3", {}, rowText(chart.title)), readout), host);
  const show = (index) => readout.replaceChildren(...valuesAt(chart, index));
  show(null);
  let plot = null;
  new ResizeObserver(() => {
    const size = { width: host.clientWidth, height: chart.tall ? 288 : 176 };
    if (plot === null) {
      plot = new uPlot(plotOptions(chart, size, show), [chart.values, ...chart.series.map((series) => series.values)], host);
      drawn.add(plot);
      moveByKeys(host, plot, readout);
    } else if (plot.width !== size.width) {
      plot.setSize(size);
    }
  }).observe(host);
  return figure;
}

/** What the line above a chart says: the values at the cursor, or the summary. */
function valuesAt(chart, index) {
  const key = (series, text) => {
    const made = element("span", { class: chart.series.length > 1 ? "key" : null }, text);
    made.style.setProperty("--key", `var(${series.color})`);
    return made;
  };
  if (index === null || index === undefined) {
    return chart.series.length > 1
      ? chart.series.map((series) => key(series, series.label))
      : [element("span", {}, chart.summary)];
  }
  const place = (chart.x.name ?? chart.x.format)(chart.values[index]);
  return [element("span", {}, place), ...chart.series
    .filter((series) => !isMissing(series.values[index]))
    .map((series) => key(series, `${series.label} ${(series.format ?? chart.y.format)(series.values[index])}`))];
}

function plotOptions(chart, size, show) {
  return {
    ...size,
    padding: [8, 12, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { x: false, y: false },
      points: chart.series.some((series) => series.bars) ? { show: false } : { size: 7 },
      ...(chart.group ? { sync: { key: chart.group } } : {}),
    },
    scales: {
      x: { time: false, range: chart.x.range },
      y: { range: chart.y.range ?? ((plot, low, high) => [Math.min(0, low), high > 0 ? high * 1.08 : 1]) },
    },
    axes: [axis(chart.x, 28), axis(chart.y, chart.y.size ?? 48)],
    series: [{}, ...chart.series.map(plotSeries)],
    hooks: { setCursor: [(plot) => show(plot.cursor.idx)] },
  };
}

/** An axis: format of its values; step, the distances between them to choose from; ticks, their places. */
function axis({ format, step, ticks }, size) {
  return {
    size,
    font: chartFont,
    gap: 4,
    stroke: () => color("--muted"),
    grid: { stroke: () => color("--line"), width: 1 },
    ticks: { show: false },
    values: (plot, places) => places.map((place) => format(place)),
    ...(step ? { incrs: step } : {}),
    ...(ticks ? { splits: () => ticks } : {}),
  };
}

function plotSeries(series) {
  return {
    label: series.label,
    stroke: () => color(series.color),
    width: series.bars ? 0 : 1.75,
    fill: series.bars ? () => color(series.color) : series.fill ? () => color(`${series.color}-fill`) : undefined,
    dash: series.dash ? [5, 4] : undefined,
    spanGaps: Boolean(series.dash || series.points),
    paths: series.bars ? uPlot.paths.bars({ size: [0.88, 60] }) : undefined,
    points: series.points ? { show: true, size: 7, fill: () => color(series.color) } : series.dash || series.bars ? { show: false } : {},
  };
}

/** Moves the cursor by keys. The values are announced while the chart has the focus. */
function moveByKeys(host, plot, readout) {
  const steps = { ArrowLeft: -1, ArrowRight: 1, PageUp: -10, PageDown: 10, Home: -Infinity, End: Infinity };
  const last = plot.data[0].length - 1;
  const place = (left) => plot.setCursor({ left, top: plot.over.clientHeight / 2 }, true, true); // true: for the group as well
  const leave = () => plot.setCursor({ left: -10, top: -10 }, true, true);
  host.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (step !== undefined && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const from = plot.cursor.idx ?? (step > 0 ? -1 : last + 1);
      const index = Math.max(0, Math.min(last, from + step));
      place(plot.valToPos(plot.data[0][index], "x"));
    } else if (event.key === "Escape") {
      leave();
    }
  });
  host.addEventListener("focus", () => readout.setAttribute("aria-live", "polite"));
  host.addEventListener("blur", () => {
    readout.removeAttribute("aria-live");
    leave();
  });
}

/** Rows in bins, as bars. Bins have a name and rows; ticks are the names below the bars. */
function histogram({ title, summary, bins, ticks, label }) {
  const index = bins.map((bin, place) => place);
  return chartFigure({
    title,
    summary,
    values: index,
    x: {
      format: (place) => ticks.get(place) ?? "", name: (place) => bins[place].name,
      range: [-0.5, bins.length - 0.5], ticks: [...ticks.keys()],
    },
    y: { format: formatShort },
    series: [{ label, values: bins.map((bin) => bin.rows), color: "--series-1", bars: true, format: formatCount }],
  });
}
