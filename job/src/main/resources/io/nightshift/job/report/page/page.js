// Puts head and sections into the page. The last script: it starts what the page is for.

function showPage(head, sections) {
  document.getElementById("header").append(...head.filter((node) => node !== null));
  const links = sections.map((section) => {
    section.id = section.title.toLowerCase().replaceAll(" ", "-");
    return element("li", {}, element("a", { href: `#${section.id}` }, section.title));
  });
  if (sections.length > 1) {
    document.getElementById("contents").append(element("ul", {}, links));
  }
  document.getElementById("content").append(...sections.map((section) =>
    element("section", { id: section.id, "aria-labelledby": `${section.id}-title` },
      element("h2", { id: `${section.id}-title` }, section.title), ...section.content.filter((node) => node !== null))));
}

const { report, comparison } = JSON.parse(document.getElementById("data").textContent);
if (report) {
  showReport(report);
} else {
  showComparison(comparison);
}
