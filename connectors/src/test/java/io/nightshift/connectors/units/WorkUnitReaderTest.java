package io.nightshift.connectors.units;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.parquet.PythonReaders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.VarBinaryVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkUnitReaderTest {
  private static final int MUTATIONS = 400;
  private static final Schema KEPT =
      new Schema(List.of(Field.nullable("blob", ArrowType.Binary.INSTANCE)));

  @TempDir Path folder;

  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  @Test
  void randomPlansComeBackRowByRow() throws IOException {
    for (int seed = 0; seed < 15; seed++) {
      UnitsFixture fixture = UnitsFixture.write(path("" + seed), 300, 1200, seed, allocator);

      List<List<@Nullable Object>> rows = new ArrayList<>();
      for (int unit = 0; unit < fixture.units.size(); unit++) {
        rows.addAll(rowsOf(fixture, unit));
      }

      assertThat(rows).as("seed %d", seed).isEqualTo(fixture.rows);
      assertThat(fixture.units.stream().mapToInt(WorkUnit::rows).sum()).isEqualTo(300);
      assertThat(fixture.units).hasSizeBetween(3, 7);
    }
  }

  private List<List<@Nullable Object>> rowsOf(UnitsFixture fixture, int unit) throws IOException {
    List<List<@Nullable Object>> rows = new ArrayList<>();
    try (WorkUnitReader reader = fixture.reader(unit, allocator)) {
      for (Optional<ArrowBatch> next = reader.next(); next.isPresent(); next = reader.next()) {
        try (ArrowBatch batch = next.get()) {
          assertThat(batch.rows()).isBetween(1, 64);
          rows.addAll(UnitsFixture.rowsOf(batch));
          assertThat(reader.nextRow()).isEqualTo(rows.size());
        }
      }
    }
    return rows;
  }

  @Test
  void readsAnySelectionOfRows() throws IOException {
    UnitsFixture fixture = UnitsFixture.write(path("plan"), 200, 1_000_000, 5, allocator);
    Random random = new Random(6);
    for (int from : new int[] {0, 1, 63, 64, 100, 199, 200}) {
      for (int to : new int[] {0, 1, 64, 150, 200}) {
        BitSet done = new BitSet();
        random.ints(random.nextInt(150), 0, 200).forEach(done::set);
        done.set(70, 135);
        List<List<@Nullable Object>> expected = new ArrayList<>();
        for (int row = from; row < to; row++) {
          if (!done.get(row)) {
            expected.add(fixture.rows.get(row));
          }
        }
        List<List<@Nullable Object>> rows = new ArrayList<>();
        RowSelection selection = new RowSelection(from, Math.max(from, to), done);
        try (WorkUnitReader reader = fixture.reader(0, selection, allocator)) {
          for (Optional<ArrowBatch> next = reader.next(); next.isPresent(); next = reader.next()) {
            try (ArrowBatch batch = next.get()) {
              assertThat(batch.rows()).isPositive();
              rows.addAll(UnitsFixture.rowsOf(batch));
            }
          }
        }
        assertThat(rows).isEqualTo(expected);
        assertThat(selection.count()).isEqualTo(expected.size());
      }
    }
  }

  @Test
  void aFileStoresASharedPrefixOnceAndCarriesItsFigures() throws IOException {
    WorkUnit unit = write(row(new byte[0], 5, 6, 7), row(new byte[0], 5, 6, 8, 9));

    assertThat(unit).isEqualTo(new WorkUnit(unit.file(), 2, 7, 5, 0, 0));
    Path file = folder.resolve("plan").resolve(unit.file());
    try (ArrowFileReader reader = new ArrowFileReader(Files.newByteChannel(file), allocator)) {
      VectorSchemaRoot root = reader.getVectorSchemaRoot();
      reader.loadNextBatch();
      assertThat(root.getVector("shared").getObject(1)).isEqualTo(2);
      assertThat(root.getVector("key").getObject(1)).isEqualTo(List.of(8, 9));
      assertThat(reader.getMetaData())
          .containsEntry("nightshift.rows", "2")
          .containsEntry("test.elements", "7")
          .containsEntry("test.stored", "5")
          .containsEntry("nightshift.shared-with-previous", "0");
    }
  }

  @Test
  void pyarrowReadsAFile() throws IOException, InterruptedException {
    WorkUnit unit = write(row(new byte[] {1}, 5, 6, 7), row(new byte[] {-1}, 5, 6, 8, 9));

    Path file = folder.resolve("plan").resolve(unit.file());
    List<JsonNode> rows = PythonReaders.read(List.of("arrow=" + file)).get(0);

    assertThat(rows.toString())
        .isEqualTo(
            """
            [[0,[5,6,7],"in.parquet",0,null,null,{"struct":{"blob":{"bytes":"01"}}}], \
            [2,[8,9],"in.parquet",0,null,null,{"struct":{"blob":{"bytes":"ff"}}}]]""");
  }

  @Test
  void wideRowsMakeSmallBatches() throws IOException {
    byte[] wide = new byte[1 << 20];
    TestRow[] rows = new TestRow[5];
    Arrays.fill(rows, row(wide, 1, 2));
    WorkUnit unit = write(rows);

    List<Integer> sizes = new ArrayList<>();
    try (WorkUnitReader reader =
        new WorkUnitReader(path("plan"), unit, RowSelection.all(unit), TestRow.KEY, allocator)) {
      for (Optional<ArrowBatch> next = reader.next(); next.isPresent(); next = reader.next()) {
        try (ArrowBatch batch = next.get()) {
          sizes.add(batch.rows());
        }
      }
    }
    assertThat(sizes).containsExactly(2, 2, 1);
  }

  @Test
  void truncatedFilesAreNamed() throws IOException {
    UnitsFixture fixture = UnitsFixture.write(path("plan"), 100, 1_000_000, 5, allocator);
    Path file = folder.resolve("plan").resolve(fixture.units.get(0).file());
    byte[] whole = Files.readAllBytes(file);

    for (int length : new int[] {0, 5, 100, whole.length / 2, whole.length - 1}) {
      Files.write(file, Arrays.copyOf(whole, length));
      assertThatThrownBy(() -> rowsOf(fixture, 0))
          .as("%d of %d bytes", length, whole.length)
          .isInstanceOf(IOException.class)
          .hasMessageContaining(file.getFileName().toString())
          .hasMessageContaining("plan again");
    }
  }

  /** Whatever is wrong with a file: rows, or an error that names it. No crash, no endless loop. */
  @Test
  void mutatedFilesGiveRowsOrAnErrorThatNamesThem() throws IOException {
    UnitsFixture fixture = UnitsFixture.write(path("plan"), 100, 1_000_000, 6, allocator);
    String name = fixture.units.get(0).file();
    Path file = folder.resolve("plan").resolve(name);
    byte[] whole = Files.readAllBytes(file);
    Random random = new Random(1);
    // Not closed: Arrow loses the buffer of a batch whose metadata does not fit its body.
    BufferAllocator damaged = new RootAllocator(64L << 20);
    int refused = 0;
    for (int mutation = 0; mutation < MUTATIONS; mutation++) {
      byte[] mutated = whole.clone();
      for (int flips = 1 + random.nextInt(4); flips > 0; flips--) {
        mutated[random.nextInt(mutated.length)] = (byte) random.nextInt();
      }
      Files.write(file, mutated);
      try {
        assertThat(readAll(fixture, damaged)).isEqualTo(100);
      } catch (IOException named) {
        assertThat(named).hasMessageContaining(name);
        refused++;
      }
    }
    assertThat(refused).isBetween(MUTATIONS / 20, MUTATIONS);
  }

  private static int readAll(UnitsFixture fixture, BufferAllocator allocator) throws IOException {
    int rows = 0;
    try (WorkUnitReader reader = fixture.reader(0, allocator)) {
      for (Optional<ArrowBatch> next = reader.next(); next.isPresent(); next = reader.next()) {
        try (ArrowBatch batch = next.get()) {
          rows += batch.rows();
        }
      }
    }
    return rows;
  }

  private TestRow row(byte[] blob, int... key) {
    try (VectorSchemaRoot batch = VectorSchemaRoot.create(KEPT, allocator)) {
      ((VarBinaryVector) batch.getVector(0)).setSafe(0, blob);
      byte[] columns = new ArrowRowCodec(KEPT).encode(batch, 0);
      return new TestRow(key, "in.parquet", 0, columns, null, null);
    }
  }

  private WorkUnit write(TestRow... rows) throws IOException {
    try (WorkUnitCutter<TestRow> cutter =
        new WorkUnitCutter<>(path("plan"), TestRow.format(KEPT), 1_000_000, 4, 0, allocator)) {
      for (TestRow row : rows) {
        assertThat(cutter.add(row)).isEmpty();
      }
      return cutter.finish().orElseThrow();
    }
  }

  private org.apache.flink.core.fs.Path path(String name) {
    return new org.apache.flink.core.fs.Path(folder.resolve(name).toUri());
  }
}
