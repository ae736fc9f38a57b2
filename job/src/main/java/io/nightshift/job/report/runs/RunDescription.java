package io.nightshift.job.report.runs;

import io.nightshift.job.report.ConfigurationEntry;
import io.nightshift.job.report.PrefixFigures;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a run when it begins to answer.
 *
 * @param run id, which is part of the names of its output files
 * @param version of the program
 * @param output folder of the answers
 * @param failedRows folder of rows with an error; null if they are among the answers
 * @param model as the job names it
 * @param started when the run began
 * @param rowsOfAllPlans rows of the input, as far as it is planned
 * @param rowsBefore rows that had their answers before
 * @param estimatedSeconds what the plan expects answering the others to take; null without {@code
 *     plan.tokens-per-second}
 * @param prefixes that save most, the best first
 * @param configuration settings that were given, without secrets
 */
public record RunDescription(
    String run,
    String version,
    String output,
    @Nullable String failedRows,
    String model,
    Instant started,
    long rowsOfAllPlans,
    long rowsBefore,
    @Nullable Double estimatedSeconds,
    List<PrefixFigures> prefixes,
    List<ConfigurationEntry> configuration) {

  public RunDescription {
    prefixes = List.copyOf(prefixes);
    configuration = List.copyOf(configuration);
  }
}
