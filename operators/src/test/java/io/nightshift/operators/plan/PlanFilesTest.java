package io.nightshift.operators.plan;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.units.RowSelection;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.WorkUnitCutter;
import io.nightshift.connectors.units.WorkUnitReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The files of plans are those of the plan in the resources, which an earlier version has written.
 */
class PlanFilesTest {
  private static final Path GOLDEN = Path.of("src/test/resources/plan");
  private static final String UNIT = "unit-00000-000000-golden.arrow";
  private static final Schema KEPT =
      new Schema(
          List.of(
              Field.nullable("id", new ArrowType.Int(64, true)),
              Field.nullable("text", ArrowType.Utf8.INSTANCE)));
  private static final int[][] PROMPTS = {{}, {5, 6, 7}, {5, 6, 7}, {5, 6, 8, 9}};
  private static final WorkUnit WRITTEN = new WorkUnit(UNIT, 4, 10, 5, 1, 0);
  private static final List<PlannedFile> INPUTS =
      List.of(new PlannedFile("in.parquet", 1234, 1_700_000_000_000L, 14));

  @TempDir Path folder;

  private final BufferAllocator allocator = ArrowMemory.allocator();

  @Test
  void readsAPlanOfAnEarlierVersion() throws IOException {
    PlanManifest plan = PlanManifest.read(path(GOLDEN)).orElseThrow();

    assertThat(plan).isEqualTo(new PlanManifest(INPUTS, KEPT, List.of(WRITTEN)));
    assertThat(WorkUnitReader.describe(path(GOLDEN), UNIT, PlannedColumns.KEY, allocator))
        .isEqualTo(WRITTEN);
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (WorkUnitReader reader =
            new WorkUnitReader(
                path(GOLDEN), WRITTEN, RowSelection.all(WRITTEN), PlannedColumns.KEY, allocator);
        ArrowBatch batch = reader.next().orElseThrow()) {
      for (int row = 0; row < batch.rows(); row++) {
        rows.add(
            Arrays.asList(
                text(batch, PlannedColumns.TOKENS, row),
                text(batch, PlannedColumns.SOURCE_FILE, row),
                text(batch, PlannedColumns.SOURCE_ROW, row),
                text(batch, PlannedColumns.ERROR_CODE, row),
                text(batch, PlannedColumns.ERROR_MESSAGE, row),
                text(batch, PlannedColumns.COLUMNS, row)));
      }
    }
    assertThat(rows)
        .containsExactly(
            Arrays.asList(
                "[]",
                "in.parquet",
                "10",
                "prompt_empty",
                "the prompt has no tokens",
                "{\"id\":0,\"text\":\"text 0\"}"),
            Arrays.asList(
                "[5,6,7]", "in.parquet", "11", null, null, "{\"id\":1,\"text\":\"text 1\"}"),
            Arrays.asList(
                "[5,6,7]", "in.parquet", "12", null, null, "{\"id\":2,\"text\":\"text 2\"}"),
            Arrays.asList(
                "[5,6,8,9]", "in.parquet", "13", null, null, "{\"id\":3,\"text\":\"text 3\"}"));
  }

  private static @Nullable String text(ArrowBatch batch, String column, int row) {
    Object value = batch.root().getVector(column).getObject(row);
    return value == null ? null : value.toString();
  }

  @Test
  void writesTheSamePlan() throws IOException {
    WorkUnit unit = write();
    assertThat(unit)
        .isEqualTo(
            new WorkUnit(
                unit.file(),
                WRITTEN.rows(),
                WRITTEN.keyElements(),
                WRITTEN.storedElements(),
                WRITTEN.duplicateRows(),
                WRITTEN.sharedWithPrevious()));

    new PlanManifest(INPUTS, KEPT, List.of(unit)).write(path(folder));

    assertThat(content(folder.resolve(unit.file()))).isEqualTo(content(GOLDEN.resolve(UNIT)));
    assertThat(Files.readString(folder.resolve("manifest.json")).replace(unit.file(), UNIT))
        .isEqualTo(Files.readString(GOLDEN.resolve("manifest.json")));
  }

  private WorkUnit write() throws IOException {
    try (WorkUnitCutter<PlannedRow> cutter =
            new WorkUnitCutter<>(path(folder), new PlannedRowFormat(KEPT), 1000, 4, 0, allocator);
        VectorSchemaRoot columns = VectorSchemaRoot.create(KEPT, allocator)) {
      for (int row = 0; row < PROMPTS.length; row++) {
        ((BigIntVector) columns.getVector("id")).setSafe(0, row);
        ((VarCharVector) columns.getVector("text")).setSafe(0, ("text " + row).getBytes(UTF_8));
        boolean failed = PROMPTS[row].length == 0;
        assertThat(
                cutter.add(
                    new PlannedRow(
                        PROMPTS[row],
                        "in.parquet",
                        10 + row,
                        new ArrowRowCodec(KEPT).encode(columns, 0),
                        failed ? "prompt_empty" : null,
                        failed ? "the prompt has no tokens" : null)))
            .isEmpty();
      }
      return cutter.finish().orElseThrow();
    }
  }

  /** The schema, the properties of the footer, and all values as they are stored. */
  private List<Object> content(Path file) throws IOException {
    try (ArrowFileReader reader = new ArrowFileReader(Files.newByteChannel(file), allocator)) {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      assertThat(reader.loadNextBatch()).isTrue();
      List<String> values = root.getFieldVectors().stream().map(FieldVector::toString).toList();
      Map<String, String> properties = reader.getMetaData();
      assertThat(reader.loadNextBatch()).isFalse();
      return List.of(root.getSchema(), properties, values);
    }
  }

  private static org.apache.flink.core.fs.Path path(Path file) {
    return new org.apache.flink.core.fs.Path(file.toUri());
  }
}
