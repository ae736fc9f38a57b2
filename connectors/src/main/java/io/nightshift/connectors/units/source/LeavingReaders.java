package io.nightshift.connectors.units.source;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * Rows that readers have returned and that no other may have yet. If the reader's task fails before
 * a checkpoint is complete that knows of the return, Flink resets it to an earlier one, in which
 * the rows are the reader's.
 */
final class LeavingReaders {
  /**
   * @param checkpoint the first one that has the splits as the enumerator's
   */
  private record Returned(int reader, List<WorkUnitSplit> splits, OptionalLong checkpoint) {}

  private final List<Returned> all = new ArrayList<>();

  boolean isEmpty() {
    return all.isEmpty();
  }

  void add(int reader, List<WorkUnitSplit> splits) {
    all.add(new Returned(reader, splits, OptionalLong.empty()));
  }

  /** A reader goes back to a checkpoint that does not know of its return. */
  void reset(int reader) {
    all.removeIf(returned -> returned.reader() == reader);
  }

  /** All returned splits, for a checkpoint. */
  List<WorkUnitSplit> snapshot(long checkpoint) {
    all.replaceAll(
        returned ->
            returned.checkpoint().isPresent()
                ? returned
                : new Returned(returned.reader(), returned.splits(), OptionalLong.of(checkpoint)));
    return all.stream().flatMap(returned -> returned.splits().stream()).toList();
  }

  /** Takes the splits that other readers may have, now that a checkpoint is complete. */
  List<WorkUnitSplit> complete(long checkpoint) {
    List<WorkUnitSplit> released = new ArrayList<>();
    all.removeIf(
        returned -> {
          boolean known =
              returned.checkpoint().isPresent() && returned.checkpoint().getAsLong() <= checkpoint;
          if (known) {
            released.addAll(returned.splits());
          }
          return known;
        });
    return released;
  }
}
