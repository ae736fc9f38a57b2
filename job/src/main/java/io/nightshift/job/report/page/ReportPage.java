package io.nightshift.job.report.page;

import io.nightshift.job.report.Comparison;
import io.nightshift.job.report.ReportData;
import io.nightshift.job.report.ReportJson;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Writes a report as an HTML file that needs no other file and loads nothing.
 *
 * <p>The page has its figures as JSON, and scripts make tables and charts of them. Text of rows
 * becomes text nodes only. A content security policy allows no script and no style but the page's
 * own, by their hashes, and no connection.
 */
public final class ReportPage {
  private static final List<String> BASE = List.of("format.js", "dom.js", "matrix.js");
  private static final List<String> REPORT =
      List.of(
          "charts.js",
          "overview.js",
          "timeline.js",
          "answers.js",
          "evaluation.js",
          "errors.js",
          "engines.js",
          "report.js");

  /** Calls what the files before it declare. */
  private static final String LAST = "page.js";

  private ReportPage() {}

  /**
   * Writes the report of a run.
   *
   * @throws IOException if the target cannot be written
   */
  public static void write(ReportData report, Appendable target) throws IOException {
    String style = PageResource.uplot("dist/uPlot.min.css") + PageResource.text("page.css");
    String charts =
        "/*\n"
            + PageResource.uplot("LICENSE")
            + "*/\n"
            + PageResource.uplot("dist/uPlot.iife.min.js");
    write(style, charts + script(REPORT), Map.of("report", report), target);
  }

  /**
   * Writes the comparison of two outputs.
   *
   * @throws IOException if the target cannot be written
   */
  public static void write(Comparison comparison, Appendable target) throws IOException {
    write(
        PageResource.text("page.css"),
        script(List.of("comparison.js")),
        Map.of("comparison", comparison),
        target);
  }

  private static String script(List<String> files) throws IOException {
    StringBuilder script = new StringBuilder("(() => {\n\"use strict\";\n");
    for (String file : Stream.of(BASE, files, List.of(LAST)).flatMap(List::stream).toList()) {
      script.append(PageResource.text(file));
    }
    return script.append("})();\n").toString();
  }

  private static void write(String style, String script, Map<String, ?> data, Appendable target)
      throws IOException {
    PageTemplate.parse(PageResource.text("page.html"))
        .write(
            Map.of(
                "style", style,
                "styleHash", ContentHash.of(style),
                "script", script,
                "scriptHash", ContentHash.of(script),
                // The end of the element, or a comment, would begin with this character.
                "data", ReportJson.of(data).replace("<", "\\u003c")),
            target);
  }
}
