// The head of a report: did it work, how long did it take, and what was expected.

/** The answer to "did it work?": a sentence, its kind for the style, and what to do next. */
function verdict({ overview, errors }) {
  const rows = Math.max(overview.rowsInOutput, overview.rows + overview.rowsBefore);
  const next = overview.goingOn ? null : "Run the same job again: it resumes with what is missing.";
  const failed = errors.reduce((sum, error) => sum + error.rows, 0);
  if (overview.failure !== null) {
    return {
      kind: "bad",
      sentence: `The run failed after ${plural(rows, "row", "rows")}`,
      next: "Mend the cause and run the same job again: it resumes with what is missing.",
    };
  }
  if (overview.rowsInOutput < overview.plannedRows) {
    return {
      kind: "warning",
      sentence: `Not complete: ${formatCount(rows)} of ${plural(overview.plannedRows, "row has its answer", "rows have their answers")}`,
      next,
    };
  }
  if (failed > 0) {
    return {
      kind: "warning",
      sentence: `${plural(rows - failed, "row is", "rows are")} answered, ${formatCount(failed)} failed`,
    };
  }
  return { kind: "good", sentence: rows === 1 ? "The only row is answered" : `All ${formatCount(rows)} rows are answered` };
}

function header(report) {
  const { overview } = report;
  const { kind, sentence, next } = verdict(report);
  document.title = `${sentence} – Nightshift`;
  return [
    element("p", { class: "kind" }, "Nightshift · report of a run"),
    element("h1", { class: `verdict ${kind}` }, element("span", {}, sentence)),
    overview.failure === null ? null : paragraph(rowText(overview.failure)),
    overview.notice === null ? null : paragraph(rowText(sentenceOf(overview.notice))),
    next ? paragraph(next) : null,
    paragraph("Answers in ", code(overview.output),
      ...(overview.model === null ? [] : [", by the model ", code(overview.model)])),
    hint(...span(overview.started, overview.ended), ", Nightshift ", rowText(overview.version)),
    headTiles(report),
  ];
}

const sentenceOf = (text) => `${text[0].toUpperCase()}${text.slice(1)}.`;

/** A beginning and an end, or one time if they are within a minute. */
function span(started, ended) {
  const times = [started, ended].map((instant) => element("time", { datetime: instant }, formatInstant(instant)));
  return times[0].textContent === times[1].textContent ? [times[0]] : [times[0], " to ", times[1]];
}

function headTiles({ overview, errors, evaluation, energy }) {
  const failed = overview.rowsByFinishReason.error ?? 0;
  const failedBefore = errors.reduce((sum, error) => sum + error.rows, 0) - failed;
  const answering = overview.rowsPerSecond > 0 ? overview.rows / overview.rowsPerSecond : null;
  const estimated = overview.estimatedSeconds;
  return tiles([
    ["Rows answered", formatCount(overview.rows - failed),
      overview.rowsBefore > 0 ? `and ${formatCount(overview.rowsBefore)} before this run` : null],
    ["Rows failed", formatCount(failed),
      failedBefore > 0 ? `and ${formatCount(failedBefore)} before this run` : null],
    ["Time", formatDuration(overview.seconds),
      answering && `answering ${formatDuration(answering)}`, estimated && `planned ${formatDuration(estimated)}`],
    overview.rows > 0 && ["Rows per second", formatDecimal(overview.rowsPerSecond),
      estimated && `planned ${formatDecimal(overview.rows / estimated)}`],
    overview.promptTokens > 0 && ["Prompt tokens", formatShort(overview.promptTokens),
      `${formatPercent(overview.cachedTokens / overview.promptTokens)} cached`],
    overview.outputTokens > 0 && ["Output tokens", formatShort(overview.outputTokens),
      `${formatDecimal(overview.outputTokens / overview.rows)} a row`],
    evaluation && evaluation.rows > 0 && ["Accuracy", formatPercent(evaluation.accuracy),
      isMissing(evaluation.accuracyOfMostCertainQuarter)
        ? null
        : `most certain quarter ${formatPercent(evaluation.accuracyOfMostCertainQuarter)}`],
    energy && !isMissing(energy.joulesPerRow) && ["Energy per row", formatUnit(energy.joulesPerRow, "J"),
      isMissing(energy.meanWatts) ? null : `${formatUnit(energy.meanWatts, "W")} on average`],
    energy && !isMissing(energy.cost) && ["Cost", formatMoney(energy.cost, energy.currency)],
  ]);
}
