// The report of a run, section by section. A section without figures is left out.

function configurationSection({ configuration }) {
  if (configuration.length === 0) {
    return null;
  }
  return {
    title: "Configuration",
    content: [
      table("Settings of the job, without secrets", [
        { title: "Key", kind: "header", cell: (entry) => code(entry.key) },
        { title: "Value", kind: "text", cell: (entry) => excerpt(entry.value) },
      ], configuration, { captionShown: false }),
    ],
  };
}

const sections = [
  timelineSection, answersSection, leastCertainSection, evaluationSection, errorsSection, prefixesSection, enginesSection,
  energySection, configurationSection,
];

function showReport(report) {
  showPage(header(report), sections.map((section) => section(report)).filter((section) => section !== null));
}
