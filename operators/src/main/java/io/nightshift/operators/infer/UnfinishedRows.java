package io.nightshift.operators.infer;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.units.RowSelection;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.WorkUnitReader;
import io.nightshift.operators.plan.PlannedColumns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.fs.Path;

/** Reads rows that were unfinished at a checkpoint from their work units again. */
final class UnfinishedRows {
  private final Path planFolder;
  private final UnitRowDecoder decoder;
  private final BufferAllocator allocator;

  UnfinishedRows(Path planFolder, UnitRowDecoder decoder, BufferAllocator allocator) {
    this.planFolder = planFolder;
    this.decoder = decoder;
    this.allocator = allocator;
  }

  /** Returns references to the pending rows: for each unit, its file and the row numbers in it. */
  static List<Tuple2<String, long[]>> references(PendingRows pending) {
    List<Tuple2<String, long[]>> references = new ArrayList<>();
    byUnit(pending)
        .forEach(
            (file, rows) ->
                references.add(Tuple2.of(file, rows.stream().asLongStream().toArray())));
    return references;
  }

  /** Returns the numbers of the pending rows, by the files of their units. */
  static Map<String, BitSet> byUnit(PendingRows pending) {
    Map<String, BitSet> rowsByUnit = new TreeMap<>();
    pending.forEach(
        row ->
            rowsByUnit
                .computeIfAbsent(row.unitFile(), file -> new BitSet())
                .set((int) row.unitRow()));
    return rowsByUnit;
  }

  /**
   * Passes each row to {@code consumer}, in planned order.
   *
   * @param references references from {@link #references}, possibly of several tasks
   */
  void read(List<Tuple2<String, long[]>> references, Consumer<UnitRow> consumer)
      throws IOException {
    // Names of plans and of their files sort in planned order.
    Map<String, BitSet> rowsByUnit = new TreeMap<>();
    for (Tuple2<String, long[]> reference : references) {
      BitSet rows = rowsByUnit.computeIfAbsent(reference.f0, file -> new BitSet());
      Arrays.stream(reference.f1).forEach(row -> rows.set((int) row));
    }
    for (Map.Entry<String, BitSet> unit : rowsByUnit.entrySet()) {
      readUnit(unit.getKey(), unit.getValue(), consumer);
    }
  }

  private void readUnit(String file, BitSet rows, Consumer<UnitRow> consumer) throws IOException {
    WorkUnit unit = WorkUnitReader.describe(planFolder, file, PlannedColumns.KEY, allocator);
    BitSet others = new BitSet();
    others.set(0, rows.length());
    others.andNot(rows);
    RowSelection selection = new RowSelection(0, rows.length(), others);
    try (WorkUnitReader reader =
        new WorkUnitReader(planFolder, unit, selection, PlannedColumns.KEY, allocator)) {
      for (Optional<ArrowBatch> next = reader.next(); next.isPresent(); next = reader.next()) {
        try (ArrowBatch batch = next.get()) {
          for (int row = 0; row < batch.rows(); row++) {
            consumer.accept(decoder.read(batch, row));
          }
        }
      }
    }
  }
}
