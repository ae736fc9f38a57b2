package io.nightshift.job.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The report of one run.
 *
 * @param overview of the run and of the output's rows
 * @param timeline of all engines; empty if the run answered nothing, or ended without a record
 * @param engines by name
 * @param answers of all rows of the output
 * @param errors by code, the most frequent first
 * @param prefixes that saved most, the best first
 * @param energy null if the run recorded neither energy nor the time of its devices
 * @param evaluation null if the job compares its answers with no column
 * @param configuration settings of the job, without secrets
 */
public record ReportData(
    Overview overview,
    Timeline timeline,
    List<EngineFigures> engines,
    AnswerFigures answers,
    List<ErrorFigures> errors,
    List<PrefixFigures> prefixes,
    @Nullable EnergyFigures energy,
    @Nullable EvaluationFigures evaluation,
    List<ConfigurationEntry> configuration) {

  public ReportData {
    engines = List.copyOf(engines);
    errors = List.copyOf(errors);
    prefixes = List.copyOf(prefixes);
    configuration = List.copyOf(configuration);
  }
}
