package io.nightshift.job.options;

import org.apache.commons.text.WordUtils;

/** Writes docs/options.md from the options themselves. */
final class OptionsPage {
  /** Maximum length of a line, except for one long word. */
  private static final int LINE = 120;

  private OptionsPage() {}

  /** The page as Markdown. */
  static String markdown() {
    StringBuilder page = new StringBuilder("# Options of a job file\n");
    paragraph(
        page,
        "Generated from the code; OptionsPageTest fails if it is out of date and says how to"
            + " regenerate it.");
    paragraph(
        page,
        "A job file is YAML: a section for each of the headings below, with its options. On the"
            + " command line, `--set KEY=VALUE` overrides the file. Relative local paths are"
            + " resolved against the working directory of the command.");
    for (OptionGroup group : NightshiftOptions.groups()) {
      page.append("\n## ").append(group.section()).append('\n');
      paragraph(page, group.introduction());
      group.options().forEach(option -> describe(page, option));
    }
    return page.toString();
  }

  private static void describe(StringBuilder page, OptionDescription option) {
    String defaultText = option.defaultText();
    page.append("\n### `").append(option.key()).append("`\n");
    paragraph(
        page,
        "Value: %s. %s"
            .formatted(
                option.expected(),
                defaultText.isEmpty() ? "No default." : "Default: `" + defaultText + "`."));
    paragraph(page, option.text());
  }

  private static void paragraph(StringBuilder page, String text) {
    page.append('\n').append(WordUtils.wrap(text, LINE, "\n", false)).append('\n');
  }
}
