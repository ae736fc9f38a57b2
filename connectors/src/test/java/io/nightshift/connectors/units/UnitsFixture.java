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

/** Random work units on disk, and what every one of their rows must look like when it is read. */
public final class UnitsFixture {
  /** The names of the sort key. */
  public static final KeyNames KEY = TestRow.KEY;

  /** The columns of batches, in the order of {@link #rows}. */
  private static final List<String> COLUMNS =
      List.of(
          WorkUnitSchema.UNIT_FILE,
          WorkUnitSchema.UNIT_ROW,
          TestRow.KEY.column(),
          "file",
          "row",
          "code",
          "message",
          "columns");

  public final Path folder;
  public final List<WorkUnit> units;

  /** All rows in planned order. */
  public final List<List<@Nullable Object>> rows;

  private UnitsFixture(Path folder, List<WorkUnit> units, List<List<@Nullable Object>> rows) {
    this.folder = folder;
    this.units = units;
    this.rows = rows;
  }

  public static UnitsFixture write(
      Path folder, int rows, long unitCost, long seed, BufferAllocator allocator)
      throws IOException {
    RandomBatches random = new RandomBatches(seed);
    Schema kept = random.schema();
    ArrowRowCodec codec = new ArrowRowCodec(kept);
    List<int[]> keys = keys(rows, new Random(seed));
    List<WorkUnit> units = new ArrayList<>();
    List<List<@Nullable Object>> expected = new ArrayList<>();
    try (WorkUnitCutter<TestRow> cutter =
            new WorkUnitCutter<>(folder, TestRow.format(kept), unitCost, 4, 0, allocator);
        VectorSchemaRoot batch = random.batch(kept, rows, allocator)) {
      List<List<@Nullable Object>> columns = ComparableRows.of(batch);
      long unitRow = 0;
      for (int row = 0; row < rows; row++) {
        int[] key = keys.get(row);
        String error = key.length == 0 ? "EMPTY_PROMPT" : null;
        String message = error == null ? null : "nothing to ask";
        byte[] bytes = codec.encode(batch, row);
        TestRow planned = new TestRow(key, "in.parquet", row, bytes, error, message);
        if (cutter.add(planned).map(units::add).orElse(false)) {
          unitRow = 0;
        }
        expected.add(
            Arrays.asList(
                (long) units.size(),
                unitRow++,
                Arrays.stream(key).asLongStream().boxed().toList(),
                "in.parquet",
                (long) row,
                error,
                message,
                struct(kept, columns.get(row))));
      }
      cutter.finish().ifPresent(units::add);
    }
    expected.forEach(row -> row.set(0, units.get(((Long) row.get(0)).intValue()).file()));
    return new UnitsFixture(folder, units, expected);
  }

  /** Sorted keys with much in common, duplicates and a few empty ones. */
  private static List<int[]> keys(int count, Random random) {
    List<int[]> keys = new ArrayList<>();
    for (int key = 0; key < count; key++) {
      boolean empty = random.nextInt(20) == 0;
      keys.add(random.ints(empty ? 0 : 1 + random.nextInt(40), 0, 3).toArray());
    }
    keys.sort(Arrays::compare);
    return keys;
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
  public List<List<@Nullable Object>> rowsFromAbove() {
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
  public static List<List<@Nullable Object>> rowsOf(ArrowBatch batch) throws IOException {
    List<FieldVector> vectors = COLUMNS.stream().map(batch.root()::getVector).toList();
    VectorSchemaRoot ordered = new VectorSchemaRoot(vectors);
    ordered.setRowCount(batch.rows());
    return ComparableRows.of(ordered);
  }

  public WorkUnitReader reader(int unit, BufferAllocator allocator) throws IOException {
    return reader(unit, RowSelection.all(units.get(unit)), allocator);
  }

  WorkUnitReader reader(int unit, RowSelection rows, BufferAllocator allocator) throws IOException {
    return new WorkUnitReader(folder, units.get(unit), rows, TestRow.KEY, allocator);
  }
}
