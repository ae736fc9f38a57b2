package io.nightshift.connectors.units;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkUnitCutterTest {
  private static final Schema NOTHING_KEPT = new Schema(List.of());

  @TempDir Path folder;

  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  @Test
  void cutsWhereLittleIsShared() throws IOException {
    List<int[]> rows = new ArrayList<>();
    for (int group = 0; group < 6; group++) {
      for (int row = 0; row < 9; row++) {
        rows.add(new int[] {group, group, group, group, group, row, 0, 0, 0, 0, 0, 0});
      }
    }

    List<WorkUnit> units = cut(300, rows);

    // A group of nine rows has 12 + 8 x 7 = 68 elements to store, and shares nothing with the next.
    assertThat(units).extracting(WorkUnit::rows).containsExactly(27, 27);
    assertThat(units).extracting(WorkUnit::storedElements).containsOnly(3 * 68L);
    assertThat(units).extracting(WorkUnit::keyElements).containsOnly(27 * 12L);
    assertThat(units).extracting(WorkUnit::sharedWithPrevious).containsOnly(0);
  }

  @Test
  void cutsInTheMiddleOfAPrefixThatIsTooLarge() throws IOException {
    List<int[]> rows =
        IntStream.range(0, 400).mapToObj(row -> new int[] {7, 7, 7, row / 10, row, 1}).toList();

    List<WorkUnit> units = cut(300, rows);

    assertThat(units).hasSizeGreaterThan(5).allMatch(unit -> unit.storedElements() <= 400);
    assertThat(units.stream().mapToInt(WorkUnit::rows).sum()).isEqualTo(400);
    assertThat(units.get(0).sharedWithPrevious()).isZero();
    assertThat(units.subList(1, units.size()))
        .extracting(WorkUnit::sharedWithPrevious)
        .containsOnly(3);
  }

  @Test
  void duplicatesAndErrorsMakeUnitsThatEnd() throws IOException {
    List<int[]> duplicates = IntStream.range(0, 1000).mapToObj(row -> new int[] {1, 2, 3}).toList();
    List<int[]> errors = IntStream.range(0, 1000).mapToObj(row -> new int[0]).toList();

    assertThat(cut(400, duplicates)).hasSizeBetween(8, 14);
    assertThat(cut(400, errors)).hasSizeBetween(8, 14);
  }

  @Test
  void noRowsMakeNoUnit() throws IOException {
    assertThat(cut(400, List.of())).isEmpty();
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void aUnitThatIsGivenUpDoesNotAppear() throws IOException {
    try (WorkUnitCutter<TestRow> cutter = cutter(1_000_000)) {
      cutter.add(row(1, 2, 3));
    }

    try (var files = Files.list(folder)) {
      assertThat(files).allMatch(file -> file.getFileName().toString().startsWith("."));
    }
  }

  private List<WorkUnit> cut(long unitCost, List<int[]> rows) throws IOException {
    List<WorkUnit> units = new ArrayList<>();
    try (WorkUnitCutter<TestRow> cutter = cutter(unitCost)) {
      for (int[] key : rows) {
        cutter.add(row(key)).ifPresent(units::add);
      }
      cutter.finish().ifPresent(units::add);
    }
    return units;
  }

  private WorkUnitCutter<TestRow> cutter(long unitCost) {
    return new WorkUnitCutter<>(
        new org.apache.flink.core.fs.Path(folder.toUri()),
        TestRow.format(NOTHING_KEPT),
        unitCost,
        4,
        0,
        allocator);
  }

  private TestRow row(int... key) {
    try (VectorSchemaRoot nothing = VectorSchemaRoot.create(NOTHING_KEPT, allocator)) {
      byte[] columns = new ArrowRowCodec(NOTHING_KEPT).encode(nothing, 0);
      return new TestRow(key, "in.parquet", 0, columns, null, null);
    }
  }
}
