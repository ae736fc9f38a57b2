// Two outputs, row by row.

function showComparison(comparison) {
  const { rowsInBoth, changed } = comparison;
  const sentence = rowsInBoth === 0
    ? "The two outputs have no rows in common"
    : changed === 0
      ? `All ${plural(rowsInBoth, "row has the same answer", "rows have the same answers")} in both`
      : `${formatCount(changed)} of ${plural(rowsInBoth, "row has", "rows have")} another answer`;
  document.title = `${sentence} – Nightshift`;
  const head = [
    element("p", { class: "kind" }, "Nightshift · comparison of two outputs"),
    element("h1", { class: `verdict ${changed > 0 || rowsInBoth === 0 ? "warning" : ""}` }, element("span", {}, sentence)),
    paragraph("First: ", code(comparison.first)),
    paragraph("Second: ", code(comparison.second)),
    tiles([
      ["Rows in both", formatCount(rowsInBoth)],
      rowsInBoth > 0 && ["Agreement", formatPercent(comparison.agreement), `${formatCount(changed)} changed`],
      ["Only in the first", formatCount(comparison.onlyFirst)],
      ["Only in the second", formatCount(comparison.onlySecond)],
    ]),
  ];
  showPage(head, [agreementSection(comparison), changedSection(comparison)].filter((section) => section !== null));
}

function agreementSection({ labels, matrix, rowsInBoth }) {
  if (labels.length === 0 || rowsInBoth === 0) {
    return null;
  }
  return {
    title: "Agreement",
    content: [
      hint("Rows in both outputs. Those with the same answer are on the diagonal."),
      ...matrixTable({
        caption: "Rows by both answers",
        rowTitle: "First", columnTitle: "Second", labels, counts: matrix,
      }),
    ],
  };
}

function changedSection({ key, examples, changed, labels }) {
  if (examples.length === 0) {
    return null;
  }
  const answer = labels.length > 0 ? labelElement : rowElement;
  const folder = key === null ? commonFolder(examples.map((row) => row.key)) : "";
  return {
    title: "Changed rows",
    content: [
      hint(examples.length < changed ? `${formatCount(examples.length)} of ${formatCount(changed)}. ` : "",
        folder ? ["Files are in ", code(folder)] : []),
      ...longTable(() => "Changed rows", [
        { title: "First", kind: "text", cell: (row) => answer(row.first) },
        { title: "Second", kind: "text", cell: (row) => answer(row.second) },
        key === null
          ? { title: "Source", kind: "text", cell: (row) => rowPlace(row.key, row.sourceRow, folder) }
          : { title: key, kind: "text", cell: (row) => rowElement(row.key) },
      ], examples),
    ],
  };
}
