package io.nightshift.operators.infer;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.units.RowSelection;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.WorkUnitReader;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.core.fs.Path;

/** Reads rows that a checkpoint knows as unfinished from their units again. */
final class UnfinishedRows {
  private final Path planFolder;
  private final List<WorkUnit> units;
  private final UnitRowDecoder decoder;
  private final BufferAllocator allocator;

  UnfinishedRows(
      Path planFolder, List<WorkUnit> units, UnitRowDecoder decoder, BufferAllocator allocator) {
    this.planFolder = planFolder;
    this.units = units;
    this.decoder = decoder;
    this.allocator = allocator;
  }

  /**
   * Gives each row to {@code consumer}, in planned order.
   *
   * @param references unit and row
   */
  void read(List<Tuple2<Integer, Long>> references, Consumer<UnitRow> consumer) throws IOException {
    Map<Integer, Set<Long>> rowsByUnit = new TreeMap<>();
    for (Tuple2<Integer, Long> reference : references) {
      rowsByUnit.computeIfAbsent(reference.f0, unit -> new HashSet<>()).add(reference.f1);
    }
    for (Map.Entry<Integer, Set<Long>> unit : rowsByUnit.entrySet()) {
      readUnit(unit.getKey(), unit.getValue(), consumer);
    }
  }

  private WorkUnitReader open(int unit) throws IOException {
    WorkUnit description = units.get(unit);
    return new WorkUnitReader(
        planFolder, unit, description, RowSelection.all(description), allocator);
  }

  private void readUnit(int unit, Set<Long> rows, Consumer<UnitRow> consumer) throws IOException {
    try (WorkUnitReader reader = open(unit)) {
      for (Optional<ArrowBatch> next = reader.next(); next.isPresent(); next = reader.next()) {
        try (ArrowBatch batch = next.get()) {
          for (int row = 0; row < batch.rows(); row++) {
            UnitRow unitRow = decoder.read(batch, row);
            if (rows.contains(unitRow.unitRow())) {
              consumer.accept(unitRow);
            }
          }
        }
      }
    }
  }
}
