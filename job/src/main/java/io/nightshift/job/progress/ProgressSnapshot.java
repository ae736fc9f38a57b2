package io.nightshift.job.progress;

import java.util.OptionalLong;

/**
 * The state of a run. Counts are of the current stage and never decrease during it.
 *
 * @param stage the current stage
 * @param rowsDone rows that the stage has processed, including failed ones
 * @param rowsTotal rows that the stage has to process, once known
 * @param tokens of the rows done
 * @param errors rows with an error
 */
public record ProgressSnapshot(
    Stage stage, long rowsDone, OptionalLong rowsTotal, TokenCounts tokens, long errors) {

  /** A stage that has not processed anything yet. */
  public static ProgressSnapshot beginning(Stage stage) {
    return new ProgressSnapshot(stage, 0, OptionalLong.empty(), TokenCounts.NONE, 0);
  }
}
