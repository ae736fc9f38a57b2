// The run over time.

/** The end of an interval; with tenths of seconds if intervals are short. */
const clock = (seconds) => (place) => formatClock(place, seconds[0] < 1 ? 1 : 0);

const timeAxis = (seconds) => ({
  format: (place) => formatClock(place),
  name: (place) => `at ${clock(seconds)(place)}`,
  range: () => [0, Math.max(seconds.at(-1), 1)],
  step: [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 21600, 43200, 86400, 172800, 604800],
});

function timelineSection({ timeline, overview, engines }) {
  if (timeline.seconds.length === 0) {
    return null;
  }
  const { seconds } = timeline;
  const charts = timelineCharts(timeline, overview, engines).filter(({ series }) =>
    series.some(({ values, dash }) => !dash && values.some((value) => value > 0)));
  return {
    title: "Over time",
    content: [
      hint("Hours, minutes and seconds since the run began answering; all engines together."),
      element("div", { class: "columns" }, charts.map(({ title, y, series, summary }) => chartFigure({
        title, y, series, summary: summary ?? medianAndHighest(series[0], y.format),
        values: seconds, x: timeAxis(seconds), group: "time",
      }))),
      disclosure("These figures as a table", () => table("The run over time", [
        { title: "Time", kind: "number", cell: (index) => clock(seconds)(seconds[index]) },
        ...charts.flatMap(({ title, y, series }) => series.filter(({ dash }) => !dash).map(({ label, values }) => (
          { title: series.length > 1 ? `${title}: ${label}` : title, kind: "number", cell: (index) => y.format(values[index]) }))),
      ], seconds.map((second, index) => index))),
    ],
  };
}

/**
 * The charts. What is said of a whole run is not a mean of intervals but comes from its totals, as in the head and the table
 * of engines.
 */
function timelineCharts(timeline, overview, engines) {
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
      summary: cachedShare(overview, engines),
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
      summary: meanStep(engines, timeline.stepMillis),
    },
    {
      title: "Requests in the engines",
      y: { format: formatShort },
      series: [main("running", timeline.runningRequests), second("waiting", timeline.waitingRequests)],
    },
  ];
}

const known = (values) => values.filter((value) => !isMissing(value));

function medianAndHighest({ values }, format) {
  const sorted = known(values).sort((one, other) => one - other);
  return `Median of the intervals ${format(sorted[Math.floor(sorted.length / 2)])}, highest ${format(sorted.at(-1))}.`;
}

/** The mean of the engines' steps, each step with the same weight. */
function meanStep(engines, stepMillis) {
  const steps = engines.reduce((sum, engine) => sum + engine.steps, 0);
  const mean = engines.reduce((sum, engine) => sum + engine.steps * engine.meanStepMillis, 0) / steps;
  return `Mean of all steps ${formatMillis(mean)}, highest of an interval ${formatMillis(Math.max(...known(stepMillis)))}.`;
}

/** What the head says, and what the engines found in the cache if rows with equal prompts make a difference. */
function cachedShare({ promptTokens, cachedTokens }, engines) {
  const engineTokens = engines.reduce((sum, engine) => sum + engine.promptTokens, 0);
  const found = engines.reduce((sum, engine) => sum + engine.cachedTokens, 0);
  const share = `${formatPercent(promptTokens > 0 ? cachedTokens / promptTokens : null)} of the run's prompt tokens`;
  return engineTokens > 0 && engineTokens < promptTokens
    ? `${share}, ${formatPercent(found / engineTokens)} without rows that repeat a prompt.`
    : `${share}.`;
}
