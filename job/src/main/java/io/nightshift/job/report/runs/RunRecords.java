package io.nightshift.job.report.runs;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.files.AtomicFile;
import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.files.FolderListing;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.parquet.file.ParquetFile;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.connectors.parquet.sink.ParquetBytes;
import io.nightshift.connectors.source.BatchFormat;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.FileSplit;
import io.nightshift.job.report.ReportJson;
import io.nightshift.job.storage.RecordFolder;
import io.nightshift.operators.report.EngineSeries;
import java.io.IOException;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The records of the runs of an output, in a folder of their own. The names of their files sort by
 * the beginnings of the runs.
 *
 * @param folder of the files, on any Flink file system
 */
public record RunRecords(Path folder) {
  private static final String DESCRIPTION = "nightshift.run";
  private static final String RESULT = "nightshift.result";
  private static final Pattern NAME = Pattern.compile("\\d{8}T\\d{6}Z-\\w+\\.parquet");
  private static final DateTimeFormatter BEGIN =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private static final int BATCH_ROWS = 4096;
  private static final long BATCH_BYTES = 4L << 20;

  /** The records of an output. */
  public static RunRecords of(Path output) {
    return new RunRecords(new RecordFolder(output).runs());
  }

  /** Whether a file of this name is a run's. */
  public static boolean isRecord(String name) {
    return NAME.matcher(name).matches();
  }

  /** Writes a record; it replaces what the same run has recorded before. */
  public void write(RunRecord record) throws IOException {
    RunDescription run = record.description();
    Path file = new Path(folder, BEGIN.format(run.started()) + "-" + run.run() + ".parquet");
    try (VectorSchemaRoot root =
        VectorSchemaRoot.create(SampleColumns.SCHEMA, ArrowMemory.allocator())) {
      new SampleColumns(root).write(record.engines());
      AtomicFile.write(
          file,
          ParquetBytes.of(
              root,
              Map.of(DESCRIPTION, ReportJson.of(run), RESULT, ReportJson.of(record.result()))));
    }
  }

  /** The files of all records, oldest first. */
  public List<FileStatus> files() throws IOException {
    return FolderListing.of(folder, RunRecords::isRecord).stream()
        .sorted(Comparator.comparing(file -> file.getPath().getName()))
        .toList();
  }

  /** The record of the last run; empty if there is none. */
  public Optional<RunRecord> last() throws IOException {
    List<FileStatus> files = files();
    return files.isEmpty() ? Optional.empty() : Optional.of(read(files.get(files.size() - 1)));
  }

  /**
   * Reads a record.
   *
   * @throws FileReadException if the file is none
   */
  public static RunRecord read(FileStatus file) throws IOException {
    Map<String, String> metadata;
    try (ParquetFile parquet = ParquetFile.open(file.getPath(), file.getLen())) {
      metadata = parquet.keyValueMetadata();
    }
    return new RunRecord(
        value(file, metadata, DESCRIPTION, RunDescription.class),
        value(file, metadata, RESULT, RunResult.class),
        engines(file));
  }

  private static <T> T value(
      FileStatus file, Map<String, String> metadata, String key, Class<T> type)
      throws FileReadException {
    @Nullable String json = metadata.get(key);
    if (json == null) {
      throw new FileReadException(file.getPath().toString(), "is not the record of a run");
    }
    try {
      return ReportJson.read(json, type);
    } catch (JsonProcessingException e) {
      throw new FileReadException(
          file.getPath().toString(),
          "is a record of a run that this version cannot read: " + e.getOriginalMessage(),
          e);
    }
  }

  private static List<EngineSeries> engines(FileStatus file) throws IOException {
    ParquetInputs inputs = ParquetInputs.ofFiles(List.of(file));
    InputColumns columns =
        inputs.select(SampleColumns.SCHEMA.getFields().stream().map(f -> f.getName()).toList());
    BatchFormat format =
        inputs.format(
            new BatchLayout(columns.columns(), columns.schema(), BATCH_ROWS, BATCH_BYTES));
    Map<List<Integer>, EngineSeries> engines = SampleColumns.engines();
    for (FileSplit split : inputs.splits(Long.MAX_VALUE)) {
      try (BatchFormat.Batches batches = format.open(split, ArrowMemory.allocator())) {
        for (@Nullable ArrowBatch next = batches.next(); next != null; next = batches.next()) {
          try (ArrowBatch batch = next) {
            new SampleColumns(batch.root()).readInto(engines);
          }
        }
      }
    }
    return List.copyOf(engines.values());
  }
}
