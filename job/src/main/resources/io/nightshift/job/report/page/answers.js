// Which answers there are, and how sure of them the model is.

function answersSection({ answers }) {
  const content = [
    ...answers.distributions.map(distributionFigures),
    ...(answers.outputTokens.length > 0 ? [element("div", { class: "columns" }, lengthChart(answers.outputTokens))] : []),
  ];
  return content.length === 0 ? null : { title: "Answers", content };
}

function distributionFigures({ name, values, otherValues, confidenceHistogram }) {
  const rows = values.reduce((sum, value) => sum + value.rows, otherValues);
  // Fields of an array's items have a value for each item.
  const counted = name === "completion" ? plural(rows, "answered row", "answered rows") : plural(rows, "value", "values");
  const most = Math.max(1, ...values.map((value) => value.rows), otherValues);
  const shown = values.map(({ value, rows: count }) => ({ name: labelElement(value), count }));
  if (otherValues > 0) {
    shown.push({ name: element("span", { class: "hint" }, "all other values"), count: otherValues });
  }
  return element("div", { class: "columns" },
    element("div", {}, longTable(() => ["Values of ", code(name), `: shares of ${counted}`], [
      { title: "Answer", kind: "header", cell: (row) => row.name },
      { title: "Rows", kind: "number", cell: (row) => formatCount(row.count) },
      { title: "Share", kind: "number", cell: (row) => formatPercent(row.count / rows) },
      {
        title: "", kind: "bar", cell: (row) => element("meter", {
          min: 0, max: most, value: row.count, "aria-label": `${formatPercent(row.count / rows)} of ${counted}`,
        }),
      },
    ], shown, { captionShown: true })),
    confidenceHistogram.some((count) => count > 0) ? confidenceChart(name, confidenceHistogram) : null);
}

function confidenceChart(name, counts) {
  const width = 1 / counts.length;
  const total = counts.reduce((sum, count) => sum + count, 0);
  const unsure = counts.slice(0, Math.ceil(counts.length / 2)).reduce((sum, count) => sum + count, 0);
  const quarters = [0, 0.25, 0.5, 0.75, 1];
  return histogram({
    title: `Confidence: the probability of the answer in ${name}`,
    summary: `${formatPercent(unsure / total)} of the rows are below 0.5.`,
    label: "rows:",
    bins: counts.map((rows, index) => (
      { rows, name: `${(index * width).toFixed(2)} to ${((index + 1) * width).toFixed(2)}` })),
    ticks: new Map(quarters.map((place) => [place * counts.length - 0.5, String(place)])),
  });
}

function lengthChart(bins) {
  const every = Math.ceil(bins.length / 8);
  const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
  const name = ({ from, to }) => (from === to ? formatCount(from) : `${formatCount(from)} to ${formatCount(to)}`);
  const longest = bins.filter((bin) => bin.rows > 0).at(-1);
  return histogram({
    title: "Output tokens of a row",
    summary: `${plural(rows, "row", "rows")}; the longest answers have ${name(longest)} tokens.`,
    label: "rows:",
    bins: bins.map((bin) => ({ rows: bin.rows, name: `${name(bin)} tokens` })),
    ticks: new Map(bins.map((bin, index) => [index, formatShort(bin.from)]).filter((tick, index) => index % every === 0)),
  });
}

function leastCertainSection({ answers: { leastCertain } }) {
  if (leastCertain.length === 0) {
    return null;
  }
  const has = (field) => leastCertain.some((row) => row[field] !== null);
  const optional = (field, column) => (has(field) ? [column] : []);
  const files = leastCertain.map((row) => row.sourceFile).filter((file) => file !== null);
  const folder = files.length > 0 ? commonFolder(files) : "";
  return {
    title: "Least certain rows",
    content: [
      hint("The rows whose answers have the lowest probability, the lowest first. ",
        files.length === 0
          ? ["With ", code("output.source-columns: true"), " this table says which rows of the input they are."]
          : folder ? ["Files are in ", code(folder)] : []),
      ...longTable(() => "Least certain rows", [
        { title: "Confidence", kind: "number", cell: (row) => formatProbability(row.confidence) },
        ...optional("field", { title: "Field", cell: (row) => (row.field === null ? "" : code(row.field)) }),
        { title: "Answer", kind: "text", cell: (row) => labelElement(row.answer) },
        ...optional("runnerUp", {
          title: "Runner-up", kind: "text", cell: (row) => (row.runnerUp === null ? "" : labelElement(row.runnerUp)),
        }),
        ...optional("text", { title: "Row", kind: "text", cell: (row) => (row.text === null ? "" : rowElement(row.text)) }),
        ...optional("sourceFile", {
          title: "Source", kind: "text",
          cell: (row) => (row.sourceFile === null ? "" : rowPlace(row.sourceFile, row.sourceRow, folder)),
        }),
      ], leastCertain),
    ],
  };
}
