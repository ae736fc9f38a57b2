// Counts by two labels, as a table with shaded cells.

const MATRIX_LABEL = 24;
const MANY_LABELS = 8;

/**
 * rowTitle names the first index of counts, columnTitle the second. Shades are shares of the row. Those of many
 * columns are upright, so that the columns are as narrow as their numbers.
 */
function matrixTable({ caption, rowTitle, columnTitle, labels, counts }) {
  const upright = labels.length > MANY_LABELS;
  const name = (label) => {
    const short = cut(label, MATRIX_LABEL);
    return element("div", { dir: "auto", title: short === label ? null : rowText(label).textContent }, rowText(short));
  };
  const heads = labels.map((label) => element("th", { scope: "col" }, name(label)));
  const cell = (count, sum, diagonal) => {
    const share = sum === 0 ? 0 : count / sum;
    const made = element("td", { class: diagonal ? "diagonal" : null }, formatCount(count));
    made.style.setProperty("--shade", 0.04 + 0.46 * share); // as dark as the text can be read on
    return made;
  };
  const box = scrolling(
    element("table", { class: upright ? "matrix upright" : "matrix" },
      element("caption", { id: newId("caption") }, caption),
      element("thead", {},
        element("tr", {}, element("td", {}), element("th", { scope: "colgroup", colspan: labels.length }, columnTitle)),
        element("tr", {}, element("th", { scope: "col" }, rowTitle), heads)),
      element("tbody", {}, labels.map((label, row) => {
        const sum = counts[row].reduce((total, count) => total + count, 0);
        return element("tr", {},
          element("th", { scope: "row" }, name(label)),
          counts[row].map((count, column) => cell(count, sum, row === column)));
      }))));
  const long = labels.filter((label) => cut(label, MATRIX_LABEL) !== label);
  return long.length === 0
    ? [box]
    : [box, disclosure("Long labels in full", () => element("ul", {}, long.map((label) => element("li", {}, rowElement(label)))))];
}
