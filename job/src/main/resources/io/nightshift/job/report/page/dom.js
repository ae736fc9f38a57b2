// Elements. Data becomes text nodes and never markup.

/** An element with attributes and children: nodes, or strings that become text. */
function element(name, attributes = {}, ...children) {
  const created = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) {
      created.setAttribute(key, value);
    }
  }
  created.append(...children.flat().filter((child) => child !== null));
  return created;
}

// Characters that nobody sees or that reorder their neighbors: control and format characters, line and paragraph separators,
// halves of surrogate pairs. The joiners of emoji and of some scripts (U+200C, U+200D) are part of ordinary text.
const HIDDEN = /(?![\u200c\u200d])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const VISIBLE_SPACES = new Map([["\n", "↵"], ["\t", "⇥"]]);

/** Text of a row or a file. Characters that are not seen are shown by their code point; those in plain are left alone. */
function rowText(text, plain = "") {
  const fragment = document.createDocumentFragment();
  let end = 0;
  for (const match of text.matchAll(HIDDEN)) {
    if (plain.includes(match[0])) {
      continue;
    }
    fragment.append(text.slice(end, match.index));
    const shown = VISIBLE_SPACES.get(match[0])
      ?? `U+${match[0].codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}`;
    fragment.append(element("span", { class: "control" }, shown), VISIBLE_SPACES.has(match[0]) ? match[0] : "");
    end = match.index + match[0].length;
  }
  fragment.append(text.slice(end));
  return fragment;
}

/** Text of a row in a direction of its own. */
const rowElement = (text) => element("div", { dir: "auto" }, rowText(text));

/** A text of at most some characters: of a long one, the beginning and the end, in which labels differ most often. */
function cut(text, characters) {
  const all = Array.from(text);
  const tail = Math.floor(characters / 3);
  return all.length <= characters
    ? text : `${all.slice(0, characters - tail - 1).join("")}…${all.slice(-tail).join("")}`;
}

/** A label. A long one is cut, and is whole when it is opened. */
function labelElement(text) {
  const short = cut(text, 40);
  if (short === text) {
    return element("div", { class: text.length > 16 ? "label" : null, dir: "auto" }, rowText(text));
  }
  return element("details", { class: "label" },
    element("summary", { dir: "auto" }, rowText(short)), rowElement(text));
}

/** A text with its lines. */
const excerpt = (text) => element("div", { class: "excerpt code", dir: "auto" }, rowText(text, "\n"));

const code = (text) => element("code", { dir: "ltr" }, rowText(text));

let elements = 0;

const newId = (prefix) => `${prefix}-${++elements}`;

/**
 * A table in a box that scrolls sideways if the window is too narrow. Columns have a title, a function from a row to the
 * cell's content, and kind: "number", "text", or "header" for the cell that names the row. The caption is not shown if
 * the heading above says the same.
 */
function table(caption, columns, rows, { captionShown = true } = {}) {
  // In a narrow window the cells of a row that has texts are below each other, each beside its title.
  const stacked = columns.some((column) => column.kind === "text");
  const heads = columns.map(({ title, kind }) => (title === ""
    ? element("td")
    : element("th", { scope: "col", class: kind === "number" ? "number" : null }, title)));
  const cell = (column, row) =>
    column.kind === "header"
      ? element("th", { scope: "row" }, column.cell(row))
      : element("td", { class: column.kind ?? null, "data-title": stacked ? column.title : null }, element("div", {}, column.cell(row)));
  return scrolling(
    element("table", { class: stacked ? "wide stacked" : "wide" },
      element("caption", { id: newId("caption"), class: captionShown ? null : "hidden" }, caption),
      element("thead", {}, element("tr", {}, heads)),
      element("tbody", {}, rows.map((row) => element("tr", {}, columns.map((column) => cell(column, row)))))));
}

/** A box around a table. The keyboard reaches it while it has something to scroll. */
function scrolling(content) {
  const box = element("div", { class: "scroll" }, content);
  new ResizeObserver(() => {
    if (box.scrollWidth > box.clientWidth) {
      box.tabIndex = 0;
      box.setAttribute("role", "group");
      box.setAttribute("aria-labelledby", content.caption.id);
    } else {
      for (const attribute of ["tabindex", "role", "aria-labelledby"]) {
        box.removeAttribute(attribute);
      }
    }
  }).observe(box);
  return box;
}

const ROWS_SHOWN = 20;

/** A table of which the first rows are shown, and the others when they are asked for. Both have the caption. */
function longTable(caption, columns, rows, options = { captionShown: false }) {
  const part = (from, to) => table(caption(), columns, rows.slice(from, to), options);
  return rows.length <= ROWS_SHOWN
    ? [part(0)]
    : [part(0, ROWS_SHOWN), disclosure(`${formatCount(rows.length - ROWS_SHOWN)} more rows`, () => part(ROWS_SHOWN))];
}

/** Something that is made when it is opened first. */
function disclosure(title, content) {
  const details = element("details", {}, element("summary", {}, title));
  details.addEventListener("toggle", () => details.append(content()), { once: true });
  return details;
}

/** Figures with their names; a value may have notes. Entries that are not true are left out. */
function tiles(entries) {
  const shown = entries.filter(Boolean);
  return shown.length === 0 ? null : element("dl", { class: "tiles" }, shown.map(([name, value, ...notes]) =>
    element("div", {},
      element("dt", {}, name), element("dd", {}, rowText(value)), notes.filter(Boolean).map((note) => element("dd", {}, note)))));
}

const paragraph = (...content) => element("p", {}, ...content);

const hint = (...content) => element("p", { class: "hint" }, ...content);

/** The place of a row: a link if a browser can open the file. */
function rowPlace(file, row, folder) {
  const name = element("span", {}, rowText(file.slice(folder.length)));
  const url = fileUrl(file);
  return [url === null ? name : element("a", { href: url }, name), `, row\u00a0${formatCount(row)}`];
}

/** The URL of a local file, or null for others. Paths are as Flink writes them: nothing in them is escaped. */
function fileUrl(file) {
  const [, path] = file.match(/^(?:file:\/*)?(\/.*)$/s) ?? [];
  return path === undefined ? null : `file://${path.split("/").map(encodeURIComponent).join("/")}`;
}

/** The folder that all files have in common, with a slash at its end; empty if there is none. */
function commonFolder(files) {
  let common = files[0];
  do {
    common = common.slice(0, common.slice(0, -1).lastIndexOf("/") + 1);
  } while (!files.every((file) => file.startsWith(common)));
  return common;
}
