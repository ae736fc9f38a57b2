// Counts by two labels, as a table with shaded cells.

/** rowTitle names the first index of counts, columnTitle the second. Shades are shares of the row. */
function matrixTable({ caption, rowTitle, columnTitle, labels, counts }) {
  const heads = labels.map((label) => element("th", { scope: "col" }, rowElement(label)));
  const cell = (count, sum, diagonal) => {
    const share = sum === 0 ? 0 : count / sum;
    const made = element("td", { class: diagonal ? "diagonal" : null }, formatCount(count));
    made.style.setProperty("--shade", 0.04 + 0.46 * share); // as dark as the text can be read on
    return made;
  };
  return scrolling(
    element("table", { class: "matrix" },
      element("caption", { id: newId("caption") }, caption),
      element("thead", {},
        element("tr", {}, element("td", {}), element("th", { scope: "colgroup", colspan: labels.length }, columnTitle)),
        element("tr", {}, element("th", { scope: "col" }, rowTitle), heads)),
      element("tbody", {}, labels.map((label, row) => {
        const sum = counts[row].reduce((total, count) => total + count, 0);
        return element("tr", {},
          element("th", { scope: "row" }, rowElement(label)),
          counts[row].map((count, column) => cell(count, sum, row === column)));
      }))));
}
