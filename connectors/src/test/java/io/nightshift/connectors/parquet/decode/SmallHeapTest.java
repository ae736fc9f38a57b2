package io.nightshift.connectors.parquet.decode;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.parquet.PythonReaders;
import io.nightshift.connectors.parquet.file.ParquetFile;
import io.nightshift.connectors.parquet.input.ParquetInputFile;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.SplitPosition;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files whose parts are too large for a process, here one with a heap of 64 MiB. */
class SmallHeapTest {
  private static final long BATCH_BYTES = 1L << 20;

  @TempDir private Path folder;

  @Test
  void whatDoesNotFitIsNamedWithTheRemedy() throws Exception {
    PythonReaders.python(
        folder,
        """
        import os
        def put(name, values, **options):
            blobs = [os.urandom(1_000_000) for _ in range(values)]
            table = pa.table({"id": range(values), "blob": blobs})
            pq.write_table(table, name, write_batch_size=1, use_dictionary=False, **options)
        put("rowgroup.parquet", 60)
        put("fits.parquet", 60, row_group_size=10)
        page = pa.table({"id": range(3), "blob": [bytes(9_000_000)] * 3})
        pq.write_table(page, "page.parquet", use_dictionary=False)
        """);

    assertThat(read("fits.parquet")).isEqualTo("60 rows");
    assertThat(read("rowgroup.parquet"))
        .contains("rowgroup.parquet: row group 0 cannot be read: it has 60,0")
        .contains("in column blob")
        .contains("Set NIGHTSHIFT_HEAP=1g");
    assertThat(read("page.parquet"))
        .contains("page.parquet: column blob cannot be read")
        .contains("a page has 27,0")
        .contains("a quarter of the heap")
        .contains("Set NIGHTSHIFT_HEAP=1g");
  }

  private String read(String file) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                System.getProperty("java.home") + "/bin/java",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                Reader.class.getName(),
                folder.resolve(file).toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      List<String> lines = output.lines().toList();
      assertThat(process.waitFor()).isZero();
      return lines.get(lines.size() - 1);
    }
  }

  /** What the process does: it reads a file, and says how many rows there are, or what is wrong. */
  static final class Reader {
    private Reader() {}

    public static void main(String... file) throws IOException {
      try {
        System.out.println(count(Path.of(file[0])) + " rows");
      } catch (FileReadException failure) {
        System.out.println(failure.getMessage());
      }
    }

    private static long count(Path path) throws IOException {
      ParquetInputs inputs = ParquetInputs.inspect(path.toString());
      InputColumns columns = inputs.select();
      ParquetInputFile input = inputs.files().get(0);
      long rows = 0;
      try (BatchReader reader =
          new BatchReader(
              ParquetFile.open(new org.apache.flink.core.fs.Path(input.path()), input.length()),
              new BatchLayout(columns.columns(), columns.schema(), 1, BATCH_BYTES),
              input.folders(),
              new SplitPosition(0, 0),
              input.rowGroups().size(),
              ArrowMemory.allocator())) {
        ArrowBatch next = reader.next();
        while (next != null) {
          try (ArrowBatch batch = next) {
            rows += batch.rows();
          }
          next = reader.next();
        }
      }
      return rows;
    }
  }
}
