package io.nightshift.job.progress;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a run over the same input would have to do.
 *
 * @param rows of the input
 * @param failures rows that cannot be answered, by error code, the most frequent first
 * @param prompts of all rows
 * @param answers that the rows are expected to get
 * @param workUnits that the rows were cut into
 * @param quantization how the model's weights are quantized; empty if they are not
 * @param engines lines about the engines that would answer, if there are more than one or they have
 *     devices
 * @param gpuAdvice lines about the number of GPUs that an engine should have; empty if it has none
 * @param time that planning took
 */
public record PlanReport(
    long rows,
    List<FailedRows> failures,
    Prompts prompts,
    Answers answers,
    WorkUnits workUnits,
    Optional<String> quantization,
    List<String> engines,
    List<String> gpuAdvice,
    Duration time) {

  public PlanReport {
    failures = List.copyOf(failures);
    engines = List.copyOf(engines);
    gpuAdvice = List.copyOf(gpuAdvice);
  }

  /**
   * The prompts of all rows.
   *
   * @param tokens of all rows
   * @param computedTokens those of them that have to be computed, if rows are answered in the
   *     plan's order: what a row shares with the one before it is not computed again
   * @param duplicateRows rows whose prompt is that of the row before it in the plan's order; 0 if
   *     that saves nothing
   * @param prefixes the prefixes that save most, the best first; empty if answers need the hidden
   *     states of all tokens
   */
  public record Prompts(
      long tokens, long computedTokens, long duplicateRows, List<Prefix> prefixes) {
    public Prompts {
      prefixes = List.copyOf(prefixes);
    }
  }

  /**
   * A prefix that many prompts share.
   *
   * @param rows number of rows whose prompts begin with it
   * @param tokens length of the prefix
   * @param text beginning and end of the prefix
   */
  public record Prefix(long rows, int tokens, String text) {}

  /**
   * What answering is expected to take.
   *
   * @param maxTokens maximum number of tokens that all rows may generate; 0 if choices are scored
   *     from the prompt, or prompts are embedded
   * @param time at a measured rate; empty without one
   * @param cost lines about energy, time of GPUs and money; empty if no run was measured
   * @param type lines about the type of the column {@code answer} or {@code embedding}; empty
   *     without such a column
   */
  public record Answers(
      long maxTokens, Optional<Duration> time, List<String> cost, List<String> type) {
    public Answers {
      cost = List.copyOf(cost);
      type = List.copyOf(type);
    }
  }

  /**
   * The work units that were planned.
   *
   * @param folder where they are
   */
  public record WorkUnits(int count, String folder) {}

  /** The report as text: several lines, each with a line end. */
  public String text() {
    return ReportText.of(this);
  }
}
