package io.nightshift.job.report.build;

import io.nightshift.job.report.AnswerFigures;
import io.nightshift.job.report.EngineFigures;
import io.nightshift.job.report.ErrorFigures;
import io.nightshift.job.report.Overview;
import io.nightshift.job.report.ReportData;
import io.nightshift.job.report.answers.AnswerSurvey;
import io.nightshift.job.report.runs.RunDescription;
import io.nightshift.job.report.runs.RunRecord;
import io.nightshift.job.report.runs.RunResult;
import io.nightshift.operators.report.EngineSample;
import io.nightshift.operators.report.EngineSeries;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Makes the report of a run from its record, and from the answers of its output. */
public final class ReportBuilder {
  private ReportBuilder() {}

  /**
   * @param output of the run
   * @param survey of the output
   */
  static ReportData of(ReportedOutput output, AnswerSurvey survey) {
    RunRecord record = output.record();
    RunDescription run = record.description();
    RunResult result = record.result();
    AnswerFigures answers = survey.answers();
    return new ReportData(
        overview(output, survey.rows()),
        Timelines.of(record.engines()),
        record.engines().stream().map(engine -> engine(engine, record)).toList(),
        answers,
        survey.errors(),
        run.prefixes(),
        result.energy(),
        result.evaluation(),
        run.configuration());
  }

  /** The folder of the answers may have been moved since. */
  private static Overview overview(ReportedOutput output, long rows) {
    RunDescription run = output.record().description();
    RunResult result = output.record().result();
    return new Overview(
        output.folder().toString(),
        run.version(),
        run.model(),
        run.started(),
        result.updated(),
        Duration.between(run.started(), result.updated()).toMillis() / 1e3,
        run.rowsOfAllPlans(),
        rows,
        result.rows(),
        run.rowsBefore(),
        result.rowsByFinishReason(),
        result.promptTokens(),
        result.cachedTokens(),
        result.outputTokens(),
        result.answeringSeconds() > 0 ? result.rows() / result.answeringSeconds() : 0,
        run.estimatedSeconds(),
        result.failure(),
        output.notice().orElse(null),
        output.holder().isPresent());
  }

  private static EngineFigures engine(EngineSeries engine, RunRecord record) {
    EngineSample total = engine.total();
    return new EngineFigures(
        (engine.task() + 1) + (engine.attempt() == 0 ? "" : ", attempt " + (engine.attempt() + 1)),
        engine.host(),
        engine.device(),
        engine.dtype(),
        total.rows(),
        total.promptTokens(),
        total.cachedTokens(),
        total.outputTokens(),
        total.steps(),
        total.steps() == 0 ? 0 : total.stepNanos() / 1e6 / total.steps(),
        engine.samples().isEmpty() ? 0 : (total.endMillis() - engine.startMillis()) / 1e3,
        total.idleMillis() / 1e3,
        total.preemptions(),
        joules(engine.task(), record));
  }

  /** Of a task that restarted, no engine's share is known. */
  private static @Nullable Double joules(int task, RunRecord record) {
    boolean restarted =
        record.engines().stream().filter(engine -> engine.task() == task).count() > 1;
    return restarted ? null : record.result().joulesByTask().get(task);
  }

  /** Examples of errors that name their rows, by code. */
  static Map<String, List<String>> namedErrors(RunRecord record) {
    return record.result().errors().stream()
        .collect(Collectors.toMap(ErrorFigures::code, ErrorFigures::examples, (one, more) -> one));
  }
}
