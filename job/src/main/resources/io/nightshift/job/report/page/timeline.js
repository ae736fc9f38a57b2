// The run over time.

const timeAxis = (seconds) => ({
  format: formatClock,
  name: (place) => `at ${formatClock(place)}`,
  range: () => [0, Math.max(seconds.at(-1), 1)],
  step: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800],
});

function timelineSection({ timeline, overview }) {
  if (timeline.seconds.length === 0) {
    return null;
  }
  const { seconds } = timeline;
  const charts = timelineCharts(timeline, overview).filter(({ series }) =>
    series.some(({ values, dash }) => !dash && values.some((value) => value > 0)));
  return {
    title: "Over time",
    content: [
      hint("Hours, minutes and seconds since the run began answering; all engines together."),
      element("div", { class: "columns" }, charts.map(({ title, y, series }) => chartFigure({
        title, y, series, summary: summaryOf(series[0], y.format),
        values: seconds, x: timeAxis(seconds), group: "time",
      }))),
      disclosure("These figures as a table", () => table("The run over time", [
        { title: "Time", kind: "number", cell: (index) => formatClock(seconds[index]) },
        ...charts.flatMap(({ title, y, series }) => series.filter(({ dash }) => !dash).map(({ label, values }) => (
          { title: series.length > 1 ? `${title}: ${label}` : title, kind: "number", cell: (index) => y.format(values[index]) }))),
      ], seconds.map((second, index) => index))),
    ],
  };
}

function timelineCharts(timeline, overview) {
  const computed = timeline.promptTokensPerSecond.map((rate, index) =>
    (isMissing(timeline.cacheHitRate[index]) ? null : rate * (1 - timeline.cacheHitRate[index])));
  const planned = overview.estimatedSeconds > 0 ? overview.rows / overview.estimatedSeconds : null;
  const main = (label, values) => ({ label, values, color: "--series-1", fill: true });
  const second = (label, values) => ({ label, values, color: "--series-2" });
  return [
    {
      title: "Rows per second",
      y: { format: formatShort },
      series: [
        main("rows per second", timeline.rowsPerSecond),
        ...(planned === null ? [] : [
          { label: "planned", values: timeline.seconds.map(() => planned), color: "--series-3", dash: true }]),
      ],
    },
    {
      title: "Prompt tokens per second",
      y: { format: formatShort },
      series: [main("all", timeline.promptTokensPerSecond), second("computed, not cached", computed)],
    },
    {
      title: "Prompt tokens from the prefix cache",
      y: { format: formatWholePercent, range: [0, 1] },
      series: [main("cached", timeline.cacheHitRate)],
    },
    {
      title: "Output tokens per second",
      y: { format: formatShort },
      series: [main("generated", timeline.outputTokensPerSecond)],
    },
    {
      title: "Time of a step",
      y: { format: formatMillis, size: 56 },
      series: [main("mean of the steps", timeline.stepMillis)],
    },
    {
      title: "Requests in the engines",
      y: { format: formatShort },
      series: [main("running", timeline.runningRequests), second("waiting", timeline.waitingRequests)],
    },
  ];
}

function summaryOf({ values }, format) {
  const known = values.filter((value) => !isMissing(value));
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length;
  return `Mean ${format(mean)}, lowest ${format(Math.min(...known))}, highest ${format(Math.max(...known))}.`;
}
