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
 * What answering is expected to take, by what an earlier run took for each token that it computed:
 * of prompts, without those from the prefix cache, and of answers.
 *
 * @param joules a token; not-a-number if not measured
 * @param gpuSeconds a token
 * @param run that was measured, as lines name it
 */
public record CostEstimate(double joules, double gpuSeconds, String run) {
  private static final double SECONDS_PER_HOUR = 3600;

  /**
   * The rate of a run.
   *
   * @param path folder of an output, for its last run; or file of a run's record
   * @throws InvalidJobException if it is neither, or what it took is not known
   */
  public static CostEstimate of(Path path) throws IOException {
    return of(path, ReportedOutput.find(path).record())
        .orElseThrow(
            () ->
                new InvalidJobException(
                    path
                        + " does not say what its run took: it did not end well, or its devices"
                        + " were not measured; name another one"));
  }

  /** The rate of the last run of an output; empty if there is none, or it was not measured. */
  public static Optional<CostEstimate> ofLastRun(Path output) throws IOException {
    Optional<RunRecord> last = RunRecords.of(output).last();
    return last.isEmpty() ? Optional.empty() : of(output, last.get());
  }

  private static Optional<CostEstimate> of(Path path, RunRecord record) {
    RunResult result = record.result();
    EnergyFigures energy = result.energy();
    long tokens = result.promptTokens() - result.cachedTokens() + result.outputTokens();
    if (energy == null
        || tokens <= 0
        || (energy.joulesPerRow() == null && energy.gpuSecondsPerRow() == 0)) {
      return Optional.empty();
    }
    Double joulesPerRow = energy.joulesPerRow();
    double rowsPerToken = (double) result.rows() / tokens;
    return Optional.of(
        new CostEstimate(
            joulesPerRow == null ? Double.NaN : joulesPerRow * rowsPerToken,
            energy.gpuSecondsPerRow() * rowsPerToken,
            "the run of %s that began at %s".formatted(path, record.description().started())));
  }

  /**
   * What a job takes, as lines of its plan.
   *
   * @param tokens that it computes
   */
  public List<String> lines(long tokens, Prices prices) {
    List<String> amounts = new ArrayList<>();
    if (!Double.isNaN(joules)) {
      amounts.add(NumberText.digits(joules * tokens) + " J");
    }
    if (gpuSeconds > 0) {
      amounts.add(NumberText.digits(gpuSeconds * tokens / SECONDS_PER_HOUR) + " GPU-hours");
    }
    Double cost = EnergyReport.cost(gpuSeconds * tokens, joules * tokens, prices);
    if (cost != null) {
      amounts.add(NumberText.digits(cost) + prices.currency().map(name -> " " + name).orElse(""));
    }
    return List.of("about " + String.join(", ", amounts), "as " + run);
  }
}
