package io.nightshift.job.progress;

import java.util.OptionalLong;

/**
 * Where a run stands. Counts are of the present stage and never fall while it lasts.
 *
 * @param stage what the run is busy with
 * @param rowsDone rows that the stage is done with, failed ones included
 * @param rowsTotal rows that the stage has to do, once that is known
 * @param promptTokens prompt tokens of the rows done
 * @param cachedTokens those of them that were found in the prefix cache
 * @param outputTokens tokens generated
 * @param errors rows that came out with an error
 */
public record ProgressSnapshot(
    Stage stage,
    long rowsDone,
    OptionalLong rowsTotal,
    long promptTokens,
    long cachedTokens,
    long outputTokens,
    long errors) {

  /** A stage that has not done anything yet. */
  public static ProgressSnapshot beginning(Stage stage) {
    return new ProgressSnapshot(stage, 0, OptionalLong.empty(), 0, 0, 0, 0);
  }

  /** Prompt and output tokens. */
  public long tokens() {
    return promptTokens + outputTokens;
  }
}
