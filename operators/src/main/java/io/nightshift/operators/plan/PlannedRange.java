package io.nightshift.operators.plan;

import io.nightshift.connectors.units.WorkUnit;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The result of planning one range of the order.
 *
 * @param units in planned order
 * @param summary of the range's rows
 * @param firstPrompt token ids of its first row's prompt; empty for a range without rows
 * @param lastPrompt token ids of its last row's prompt; empty for a range without rows
 */
@SuppressWarnings("ArrayRecordComponent") // Ranges are handed over, never compared.
public record PlannedRange(
    ArrayList<WorkUnit> units, PlanSummary summary, int[] firstPrompt, int[] lastPrompt)
    implements Serializable {

  /** The ranges that have rows, in planned order. */
  static List<PlannedRange> inOrder(List<PlannedRange> ranges) {
    return ranges.stream()
        .filter(range -> !range.units().isEmpty())
        .sorted(Comparator.comparing(range -> range.units().get(0).file()))
        .toList();
  }

  /** The summary of all rows. A prompt may go on in the next range, since ranges divide rows. */
  static PlanSummary summary(List<PlannedRange> inOrder) {
    PlanSummary summary = PlanSummary.empty();
    int[] last = {};
    for (PlannedRange range : inOrder) {
      summary =
          summary.plus(range.summary()).with(PromptSharing.between(last, range.firstPrompt()));
      last = range.lastPrompt();
    }
    return summary;
  }
}
