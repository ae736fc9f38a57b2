package io.nightshift.job.progress;

import io.nightshift.runtime.engine.FinishReason;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** Writes reports as text: a headline, then one fact per line, with the names in a column. */
final class ReportText {
  private final StringBuilder text = new StringBuilder();

  private ReportText() {}

  static String of(RunReport report) {
    ReportText text = new ReportText();
    if (report.isNothingDone()) {
      text.text.append("Nothing to do: the answers of this job are there already.\n");
      text.sections(report);
      text.fact("answers", report.outputPath());
      return text.text.toString();
    }
    long failed = report.rowCounts().of(FinishReason.ERROR);
    text.headline(
        failed == 0
            ? "Answered " + NumberText.count(report.rows(), "row")
            : "Answered "
                + NumberText.count(report.rows() - failed)
                + " of "
                + NumberText.count(report.rows(), "row"),
        report.time());
    if (report.rowCounts().before() > 0) {
      text.fact(
          "before", NumberText.count(report.rowCounts().before(), "row") + " had answers already");
    }
    if (report.rows() > 0) {
      TokenCounts tokens = report.tokens();
      text.fact("finished", finishReasons(report));
      text.fact(
          "tokens",
          NumberText.count(tokens.prompt())
              + " prompt ("
              + NumberText.share(tokens.cached(), tokens.prompt())
              + " from the prefix cache)"
              + (tokens.output() == 0 ? "" : ", " + NumberText.count(tokens.output()) + " output"));
    }
    text.facts("engines", report.engines());
    report.stages().forEach(text::stage);
    text.sections(report);
    text.failures(report.failures());
    text.fact("answers", report.outputPath());
    return text.text.toString();
  }

  static String of(PlanReport report) {
    ReportText text = new ReportText();
    text.headline("Planned " + NumberText.count(report.rows(), "row"), report.time());
    PlanReport.Prompts prompts = report.prompts();
    text.fact(
        "prompts",
        NumberText.count(prompts.tokens(), "token")
            + ", of which "
            + NumberText.share(prompts.tokens() - prompts.computedTokens(), prompts.tokens())
            + " are shared"
            + (prompts.duplicateRows() == 0
                ? ""
                : ", "
                    + NumberText.count(prompts.duplicateRows(), "duplicate row")
                    + " among them"));
    text.fact(
        "to compute",
        NumberText.count(prompts.computedTokens(), "prompt token")
            + (report.answers().maxTokens() == 0
                ? ""
                : " and at most "
                    + NumberText.count(report.answers().maxTokens(), "output token")));
    report.quantization().ifPresent(weights -> text.fact("weights", weights));
    text.facts("engines", report.engines());
    text.facts("an engine", report.gpuAdvice());
    report
        .answers()
        .time()
        .ifPresent(time -> text.fact("answers in", "about " + NumberText.duration(time)));
    text.facts("takes", report.answers().cost());
    text.facts("answer", report.answers().type());
    for (PlanReport.Prefix prefix : prompts.prefixes()) {
      text.fact(
          "prefix",
          NumberText.count(prefix.tokens(), "token")
              + " of "
              + NumberText.count(prefix.rows(), "row"));
      text.fact("", prefix.text());
    }
    text.failures(report.failures());
    PlanReport.WorkUnits units = report.workUnits();
    text.fact("work units", NumberText.count(units.count()) + " in " + units.folder());
    return text.text.toString();
  }

  private static String finishReasons(RunReport report) {
    return Arrays.stream(FinishReason.values())
        .filter(reason -> report.rowCounts().of(reason) > 0)
        .map(reason -> NumberText.count(report.rowCounts().of(reason)) + " " + reason.columnValue())
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

  private void sections(RunReport report) {
    report.sections().forEach(section -> facts(section.name(), section.lines()));
  }

  private void failures(List<FailedRows> failures) {
    for (FailedRows failed : failures) {
      fact("failed", NumberText.count(failed.rows(), "row") + " with " + failed.code());
      failed.examples().forEach(example -> fact("", example));
    }
  }

  /** One fact of several lines. */
  private void facts(String name, List<String> values) {
    for (int i = 0; i < values.size(); i++) {
      fact(i == 0 ? name : "", values.get(i));
    }
  }

  private void fact(String name, String value) {
    text.append(FactText.line(name, value));
  }
}
