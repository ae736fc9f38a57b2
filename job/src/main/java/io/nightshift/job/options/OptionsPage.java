package io.nightshift.job.options;

/** Writes docs/options.md from the options themselves. */
final class OptionsPage {
  private OptionsPage() {}

  /** The page as Markdown. */
  static String markdown() {
    StringBuilder page = new StringBuilder();
    page.append("# Options of a job file\n\n")
        .append(
            "Generated from the code; OptionsPageTest fails if it is out of date and says how to")
        .append(" regenerate it.\n\n")
        .append("A job file is YAML: a section for each of the headings below, with its options.")
        .append(" On the command line, `--set KEY=VALUE` overrides the file. Relative local")
        .append(" paths are resolved against the working directory of the command.\n");
    for (OptionGroup group : NightshiftOptions.groups()) {
      page.append("\n## ").append(group.section()).append("\n\n");
      page.append(group.introduction()).append("\n\n");
      page.append("| key | value | default | meaning |\n| --- | --- | --- | --- |\n");
      group.options().forEach(option -> page.append(row(option)));
    }
    return page.toString();
  }

  private static String row(OptionDescription option) {
    String defaultText = option.defaultText();
    return "| `"
        + option.key()
        + "` | "
        + option.expected()
        + " | "
        + (defaultText.isEmpty() ? "" : "`" + defaultText + "`")
        + " | "
        + option.text()
        + " |\n";
  }
}
