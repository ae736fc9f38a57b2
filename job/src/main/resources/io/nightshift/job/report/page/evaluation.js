// Answers compared with a column that has the truth.

function evaluationSection({ evaluation }) {
  if (evaluation === null) {
    return null;
  }
  if (evaluation.rows === 0) {
    return { title: "Evaluation", content: comparedRows(evaluation) };
  }
  const { calibration, matrixLabels, confusionMatrix } = evaluation;
  const measured = calibration.filter((bin) => bin.rows > 0);
  return {
    title: "Evaluation",
    content: [
      ...comparedRows(evaluation),
      tiles([
        ["Accuracy", formatPercent(evaluation.accuracy)],
        !isMissing(evaluation.accuracyOfMostCertainQuarter)
          && ["Most certain quarter", formatPercent(evaluation.accuracyOfMostCertainQuarter)],
        measured.length > 0 && ["Calibration error", formatPercent(evaluation.expectedCalibrationError), "expected (ECE)"],
      ]),
      element("div", { class: "columns" },
        labelTable(evaluation.labels),
        measured.length > 0 ? calibrationFigures(measured) : null),
      ...(matrixLabels.length > 0
        ? matrixTable({
          caption: "Confusion matrix, in rows",
          rowTitle: "Truth", columnTitle: "Answer", labels: matrixLabels, counts: confusionMatrix,
        })
        : []),
    ],
  };
}

/** Which rows are compared, and which are not. */
function comparedRows({ column, rows, rowsWithoutTruth, rowsWithoutAnswer, rowsWithOtherTruth, otherTruths }) {
  const others = [
    rowsWithoutTruth > 0 && `${plural(rowsWithoutTruth, "row has", "rows have")} no truth.`,
    rowsWithoutAnswer > 0 && `${plural(rowsWithoutAnswer, "row has", "rows have")} no answer.`,
  ].filter(Boolean);
  return [
    hint(`${plural(rows, "answer is", "answers are")} compared with the column `, code(column), ". ", others.join(" ")),
    rowsWithOtherTruth > 0
      ? paragraph(`${plural(rowsWithOtherTruth, "row has a truth", "rows have a truth")} that no answer can have, such as `,
        otherTruths.flatMap((truth, index) => [index > 0 ? ", " : "", code(truth)]), ".")
      : null,
  ];
}

function labelTable(labels) {
  const share = (title, field) => ({ title, kind: "number", cell: (row) => formatPercent(row[field]) });
  return element("div", {}, longTable(() => "By label", [
    { title: "Label", kind: "header", cell: (row) => labelElement(row.label) },
    { title: "Rows", kind: "number", cell: (row) => formatCount(row.rows) },
    share("Precision", "precision"),
    share("Recall", "recall"),
    share("F1", "f1"),
  ], labels, { captionShown: true }));
}

function calibrationFigures(bins) {
  const tenths = { format: formatThreeDigits, range: [0, 1] };
  const places = [0, ...bins.map((bin) => bin.meanConfidence), 1];
  const chart = chartFigure({
    title: "Calibration: how often answers of a confidence are right",
    summary: "Below the diagonal the model is too sure, above it too unsure.",
    tall: true,
    values: places,
    x: { ...tenths, range: [0, 1], name: (place) => `confidence ${formatProbability(place)}` },
    y: { ...tenths, range: [0, 1.001] },
    series: [
      { label: "accuracy", values: [null, ...bins.map((bin) => bin.accuracy), null], color: "--series-1", points: true,
        format: formatPercent },
      { label: "accuracy equal to confidence", values: places, color: "--series-3", dash: true, format: formatPercent },
    ],
  });
  return element("div", {}, chart, disclosure("These figures as a table", () => table("Calibration", [
    { title: "Confidence", cell: (bin) => `${formatThreeDigits(bin.from)} to ${formatThreeDigits(bin.to)}` },
    { title: "Rows", kind: "number", cell: (bin) => formatCount(bin.rows) },
    { title: "Mean confidence", kind: "number", cell: (bin) => formatPercent(bin.meanConfidence) },
    { title: "Accuracy", kind: "number", cell: (bin) => formatPercent(bin.accuracy) },
  ], bins)));
}
