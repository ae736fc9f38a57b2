package io.nightshift.connectors.parquet.decode;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.CanonicalJson;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.parquet.file.ParquetFile;
import io.nightshift.connectors.parquet.input.ParquetInputFile;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.SplitPosition;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.core.fs.Path;

/** Reads whole files in tests, as the source does. */
public final class Batches {
  private Batches() {}

  /** A batch's rows, and where the reader stood behind it. */
  public record Read(List<JsonNode> rows, SplitPosition next) {}

  /** All batches of one file. */
  public static List<Read> read(java.nio.file.Path path, int batchRows, long batchBytes)
      throws IOException {
    ParquetInputs inputs = ParquetInputs.inspect(path.toUri().toString());
    return read(inputs, inputs.select(), batchRows, batchBytes, new SplitPosition(0, 0));
  }

  /** The batches of an input's only file, from {@code start} on. */
  public static List<Read> read(
      ParquetInputs inputs,
      InputColumns columns,
      int batchRows,
      long batchBytes,
      SplitPosition start)
      throws IOException {
    ParquetInputFile input = inputs.files().get(0);
    BatchLayout layout =
        new BatchLayout(columns.columns(), columns.schema(), batchRows, batchBytes);
    ParquetFile file = ParquetFile.open(new Path(input.path()), input.length());
    List<Read> batches = new ArrayList<>();
    try (BatchReader reader =
        new BatchReader(
            file,
            layout,
            input.folders(),
            start,
            input.rowGroups().size(),
            ArrowMemory.allocator())) {
      ArrowBatch next = reader.next();
      while (next != null) {
        try (ArrowBatch batch = next) {
          batches.add(new Read(CanonicalJson.rows(batch), reader.position()));
        }
        next = reader.next();
      }
    }
    return batches;
  }

  /** The rows of all batches. */
  public static List<JsonNode> rows(List<Read> batches) {
    return batches.stream().flatMap(batch -> batch.rows().stream()).toList();
  }
}
