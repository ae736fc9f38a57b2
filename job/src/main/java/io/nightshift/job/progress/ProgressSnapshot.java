package io.nightshift.job.progress;

import java.util.OptionalLong;

/**
 * Where a run stands. Counts are of the current stage and never decrease during it.
 *
 * @param stage what the run is busy with
 * @param rowsDone rows that the stage is done with, failed ones included
 * @param rowsTotal rows that the stage has to do, once that is known
 * @param tokens of the rows done
 * @param errors rows that came out with an error
 */
public record ProgressSnapshot(
    Stage stage, long rowsDone, OptionalLong rowsTotal, TokenCounts tokens, long errors) {

  /** A stage that has not done anything yet. */
  public static ProgressSnapshot beginning(Stage stage) {
    return new ProgressSnapshot(stage, 0, OptionalLong.empty(), TokenCounts.NONE, 0);
  }
}
