package io.nightshift.connectors.units;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.arrow.row.ComparableRows;
import io.nightshift.connectors.arrow.row.RandomBatches;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** A random plan on disk, and what every one of its rows must look like when it is read. */
final class PlanFixture {
  /** The columns of batches, in the order of {@link #rows}. */
  private static final List<String> COLUMNS =
      List.of(
          WorkUnitSchema.UNIT_FILE,
          WorkUnitSchema.UNIT_ROW,
          WorkUnitSchema.TOKENS,
          WorkUnitSchema.SOURCE_FILE,
          WorkUnitSchema.SOURCE_ROW,
          WorkUnitSchema.ERROR_CODE,
          WorkUnitSchema.ERROR_MESSAGE,
          WorkUnitSchema.COLUMNS);

  final Path folder;
  final PlanManifest manifest;

  /** All rows in the order of the plan. */
  final List<List<@Nullable Object>> rows;

  private PlanFixture(Path folder, PlanManifest manifest, List<List<@Nullable Object>> rows) {
    this.folder = folder;
    this.manifest = manifest;
    this.rows = rows;
  }

  static PlanFixture write(
      Path folder, int rows, long unitTokens, long seed, BufferAllocator allocator)
      throws IOException {
    RandomBatches random = new RandomBatches(seed);
    Schema kept = random.schema();
    ArrowRowCodec codec = new ArrowRowCodec(kept);
    List<int[]> prompts = prompts(rows, new Random(seed));
    List<WorkUnit> units = new ArrayList<>();
    List<List<@Nullable Object>> expected = new ArrayList<>();
    try (WorkUnitCutter cutter = new WorkUnitCutter(folder, kept, unitTokens, 4, 0, allocator);
        VectorSchemaRoot batch = random.batch(kept, rows, allocator)) {
      List<List<@Nullable Object>> columns = ComparableRows.of(batch);
      long unitRow = 0;
      for (int row = 0; row < rows; row++) {
        int[] tokens = prompts.get(row);
        String error = tokens.length == 0 ? "EMPTY_PROMPT" : null;
        String message = error == null ? null : "nothing to ask";
        byte[] bytes = codec.encode(batch, row);
        PlannedRow planned = new PlannedRow(tokens, "in.parquet", row, bytes, error, message);
        if (cutter.add(planned).map(units::add).orElse(false)) {
          unitRow = 0;
        }
        expected.add(
            Arrays.asList(
                (long) units.size(),
                unitRow++,
                Arrays.stream(tokens).asLongStream().boxed().toList(),
                "in.parquet",
                (long) row,
                error,
                message,
                struct(kept, columns.get(row))));
      }
      cutter.finish().ifPresent(units::add);
    }
    expected.forEach(row -> row.set(0, units.get(((Long) row.get(0)).intValue()).file()));
    PlanManifest manifest = new PlanManifest(List.of(), kept, units);
    manifest.write(folder);
    return new PlanFixture(folder, manifest, expected);
  }

  /** Sorted prompts with much in common, duplicates and a few empty ones. */
  private static List<int[]> prompts(int count, Random random) {
    List<int[]> prompts = new ArrayList<>();
    for (int prompt = 0; prompt < count; prompt++) {
      boolean empty = random.nextInt(20) == 0;
      prompts.add(random.ints(empty ? 0 : 1 + random.nextInt(40), 0, 3).toArray());
    }
    prompts.sort(Arrays::compare);
    return prompts;
  }

  private static Map<String, @Nullable Object> struct(
      Schema schema, List<@Nullable Object> values) {
    Map<String, @Nullable Object> struct = new LinkedHashMap<>();
    for (int column = 0; column < values.size(); column++) {
      struct.put(schema.getFields().get(column).getName(), values.get(column));
    }
    return struct;
  }

  /** All rows, with the units' files as seen from the folder above. */
  List<List<@Nullable Object>> rowsFromAbove() {
    return rows.stream()
        .map(
            row -> {
              List<@Nullable Object> seen = new ArrayList<>(row);
              seen.set(0, folder.getName() + "/" + row.get(0));
              return seen;
            })
        .toList();
  }

  /** The rows of a batch as {@link #rows} has them; the batch stays open. */
  static List<List<@Nullable Object>> rowsOf(ArrowBatch batch) throws IOException {
    List<FieldVector> vectors = COLUMNS.stream().map(batch.root()::getVector).toList();
    VectorSchemaRoot ordered = new VectorSchemaRoot(vectors);
    ordered.setRowCount(batch.rows());
    return ComparableRows.of(ordered);
  }

  WorkUnitReader reader(int unit, BufferAllocator allocator) throws IOException {
    return reader(unit, RowSelection.all(manifest.units().get(unit)), allocator);
  }

  WorkUnitReader reader(int unit, RowSelection rows, BufferAllocator allocator) throws IOException {
    return new WorkUnitReader(folder, manifest.units().get(unit), rows, allocator);
  }
}
