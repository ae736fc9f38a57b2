package io.nightshift.connectors.units;

import java.util.List;

/**
 * The enumerator's state: splits that no reader has.
 *
 * @param splits in planned order
 */
public record WorkUnitSplits(List<WorkUnitSplit> splits) {
  public WorkUnitSplits {
    splits = List.copyOf(splits);
  }
}
