package io.nightshift.job.report.energy;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification.Prices;
import io.nightshift.job.progress.NumberText;
import io.nightshift.job.report.EnergyFigures;
import io.nightshift.job.report.build.ReportedOutput;
import io.nightshift.job.report.runs.RunRecord;
import io.nightshift.job.report.runs.RunRecords;
import io.nightshift.job.report.runs.RunResult;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

/**
 * What answering is expected to take, by what an earlier run took. Rows of the same job are alike;
 * those of another job are compared by the tokens that are computed for them: of prompts, without
 * those from the prefix cache, and of answers.
 *
 * @param unit what joules and seconds are of
 * @param joules of one; not-a-number if not measured
 * @param gpuSeconds of one
 * @param run that was measured, as lines name it
 */
public record CostEstimate(Unit unit, double joules, double gpuSeconds, String run) {
  /** What the work of a run is counted in. */
  enum Unit {
    ROWS,
    TOKENS
  }

  private static final double SECONDS_PER_HOUR = 3600;

  /**
   * The rate of a run of any job.
   *
   * @param path folder of an output, for its last run; or file of a run's record
   * @throws InvalidJobException if it is neither, or what it took is not known
   */
  public static CostEstimate of(Path path) throws IOException {
    return of(path, ReportedOutput.find(path).record(), Unit.TOKENS)
        .orElseThrow(
            () ->
                new InvalidJobException(
                    path
                        + " does not say what its run took: it did not end well, or its devices"
                        + " were not measured; name another one"));
  }

  /**
   * The rate of the last run of the same job; empty if there is none, or it was not measured.
   *
   * @param output folder of the job's answers
   */
  public static Optional<CostEstimate> ofLastRun(Path output) throws IOException {
    Optional<RunRecord> last = RunRecords.of(output).last();
    return last.isEmpty() ? Optional.empty() : of(output, last.get(), Unit.ROWS);
  }

  static Optional<CostEstimate> of(Path path, RunRecord record, Unit unit) {
    RunResult result = record.result();
    EnergyFigures energy = result.energy();
    long tokens = result.promptTokens() - result.cachedTokens() + result.outputTokens();
    if (energy == null
        || tokens <= 0
        || (energy.joulesPerRow() == null && energy.gpuSecondsPerRow() == 0)) {
      return Optional.empty();
    }
    Double joulesPerRow = energy.joulesPerRow();
    double rows = unit == Unit.ROWS ? 1 : (double) result.rows() / tokens;
    return Optional.of(
        new CostEstimate(
            unit,
            joulesPerRow == null ? Double.NaN : joulesPerRow * rows,
            energy.gpuSecondsPerRow() * rows,
            "the run of %s that began at %s".formatted(path, record.description().started())));
  }

  /**
   * What a job takes, as lines of its plan.
   *
   * @param rows that it answers
   * @param tokens that it computes for them
   */
  public List<String> lines(long rows, long tokens, Prices prices) {
    long units = unit == Unit.ROWS ? rows : tokens;
    List<String> amounts = new ArrayList<>();
    if (!Double.isNaN(joules)) {
      amounts.add(NumberText.digits(joules * units) + " J");
    }
    if (gpuSeconds > 0) {
      amounts.add(NumberText.digits(gpuSeconds * units / SECONDS_PER_HOUR) + " GPU-hours");
    }
    Double cost = EnergyReport.cost(gpuSeconds * units, joules * units, prices);
    if (cost != null) {
      amounts.add(NumberText.digits(cost) + prices.currency().map(name -> " " + name).orElse(""));
    }
    return List.of("about " + String.join(", ", amounts), "as " + run);
  }
}
