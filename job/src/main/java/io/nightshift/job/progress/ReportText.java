package io.nightshift.job.progress;

import io.nightshift.runtime.engine.FinishReason;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** Writes reports for people: a headline, then one fact a line, names in a column of their own. */
final class ReportText {
  private static final int NAME_WIDTH = 12;

  private final StringBuilder text = new StringBuilder();

  private ReportText() {}

  static String of(RunReport report) {
    ReportText text = new ReportText();
    if (report.isNothingDone()) {
      text.text.append("Nothing to do: the answers of this job are there already.\n");
      text.fact("answers", report.outputPath());
      return text.text.toString();
    }
    text.headline(
        report.failedRows() == 0
            ? "Answered " + NumberText.count(report.rows(), "row")
            : "Answered "
                + NumberText.count(report.rows() - report.failedRows())
                + " of "
                + NumberText.count(report.rows(), "row"),
        report.time());
    if (report.rowsBefore() > 0) {
      text.fact("before", NumberText.count(report.rowsBefore(), "row") + " had answers already");
    }
    if (report.rows() > 0) {
      text.fact("finished", finishReasons(report));
      text.fact(
          "tokens",
          NumberText.count(report.promptTokens())
              + " prompt ("
              + NumberText.share(report.cachedTokens(), report.promptTokens())
              + " from the prefix cache), "
              + NumberText.count(report.outputTokens())
              + " output");
    }
    report.stages().forEach(text::stage);
    text.failures(report.failures());
    text.fact("answers", report.outputPath());
    return text.text.toString();
  }

  static String of(PlanReport report) {
    ReportText text = new ReportText();
    text.headline("Planned " + NumberText.count(report.rows(), "row"), report.time());
    text.fact(
        "prompts",
        NumberText.count(report.promptTokens(), "token")
            + ", of which "
            + NumberText.share(report.sharedTokens(), report.promptTokens())
            + " are shared"
            + (report.duplicateRows() == 0
                ? ""
                : ", " + NumberText.count(report.duplicateRows(), "duplicate row") + " among them"));
    text.fact(
        "to compute",
        NumberText.count(report.computedTokens(), "prompt token")
            + (report.maxOutputTokens() == 0
                ? ""
                : " and at most " + NumberText.count(report.maxOutputTokens(), "output token")));
    report
        .answering()
        .ifPresent(time -> text.fact("answers in", "about " + NumberText.duration(time)));
    for (PlanReport.Prefix prefix : report.prefixes()) {
      text.fact(
          "prefix",
          NumberText.count(prefix.tokens(), "token") + " of " + NumberText.count(prefix.rows(), "row"));
      text.fact("", prefix.text());
    }
    text.failures(report.failures());
    text.fact("work units", NumberText.count(report.workUnits()) + " in " + report.folder());
    return text.text.toString();
  }

  private static String finishReasons(RunReport report) {
    return Arrays.stream(FinishReason.values())
        .filter(reason -> report.rowsByFinishReason().getOrDefault(reason, 0L) > 0)
        .map(
            reason ->
                NumberText.count(report.rowsByFinishReason().getOrDefault(reason, 0L))
                    + " "
                    + reason.columnValue())
        .collect(Collectors.joining(", "));
  }

  private void headline(String what, Duration time) {
    text.append(what).append(" in ").append(NumberText.duration(time)).append(".\n");
  }

  private void stage(StageReport stage) {
    double seconds = Math.max(stage.time().toMillis(), 1) / 1000.0;
    fact(
        stage.stage().label(),
        NumberText.count(stage.rows(), "row")
            + " in "
            + NumberText.duration(stage.time())
            + ": "
            + NumberText.rate(stage.rows() / seconds)
            + " rows/s"
            + (stage.tokens() == 0
                ? ""
                : ", " + NumberText.rate(stage.tokens() / seconds) + " tokens/s"));
  }

  private void failures(List<FailedRows> failures) {
    for (FailedRows failed : failures) {
      fact("failed", NumberText.count(failed.rows(), "row") + " with " + failed.code());
      failed.examples().forEach(example -> fact("", example));
    }
  }

  private void fact(String name, String value) {
    text.append(String.format(Locale.ROOT, "  %-" + NAME_WIDTH + "s%s", name, value)).append("\n");
  }
}
