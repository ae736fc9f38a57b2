package io.nightshift.connectors.units;

import java.io.Serializable;

/**
 * A file of rows in planned order, and what it costs to compute.
 *
 * @param file name in the plan's folder; names of one plan sort in planned order
 * @param rows rows, those with errors included
 * @param promptTokens tokens of all prompts
 * @param computedTokens tokens that are left when each prefix shared by neighbours is computed once
 * @param duplicateRows rows whose prompt is that of the row before
 * @param sharedWithPrevious tokens that the first row shares with the last row of the unit before
 *     it in the plan; 0 for the first unit
 */
public record WorkUnit(
    String file,
    int rows,
    long promptTokens,
    long computedTokens,
    int duplicateRows,
    int sharedWithPrevious)
    implements Serializable {

  /** The same unit, seen from a folder above. */
  public WorkUnit inFolder(String folder) {
    return new WorkUnit(
        folder + "/" + file, rows, promptTokens, computedTokens, duplicateRows, sharedWithPrevious);
  }
}
