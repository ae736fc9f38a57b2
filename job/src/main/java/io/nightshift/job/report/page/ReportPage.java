package io.nightshift.job.report.page;

import io.nightshift.job.report.Comparison;
import io.nightshift.job.report.ReportData;
import io.nightshift.job.report.ReportJson;
import java.io.IOException;

/** Writes a report as an HTML file that needs no other file. */
public final class ReportPage {
  private ReportPage() {}

  /** Writes the report of a run. */
  public static void write(ReportData report, Appendable target) throws IOException {
    writePage(ReportJson.of(report), target);
  }

  /** Writes the comparison of two outputs. */
  public static void write(Comparison comparison, Appendable target) throws IOException {
    writePage(ReportJson.of(comparison), target);
  }

  private static void writePage(String json, Appendable target) throws IOException {
    target.append("<!DOCTYPE html>\n<meta charset=\"utf-8\">\n<title>Nightshift</title>\n");
    target.append("<script id=\"data\" type=\"application/json\">");
    target.append(json.replace("<", "\\u003c"));
    target.append("</script>\n");
  }
}
