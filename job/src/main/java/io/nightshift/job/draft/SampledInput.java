package io.nightshift.job.draft;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.row.ArrowValues;
import io.nightshift.connectors.arrow.row.InvalidUtf8Exception;
import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.input.InputFiles;
import io.nightshift.connectors.input.ListedFile;
import io.nightshift.connectors.input.ListedFiles;
import io.nightshift.connectors.input.PartialColumn;
import io.nightshift.connectors.jsonl.input.JsonLinesInputs;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.connectors.source.BatchFormat;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.FileSplit;
import io.nightshift.job.options.InputFormat;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/**
 * The columns of an input, and what its first rows say about them.
 *
 * @param path as the user wrote it
 * @param format by the files' names
 * @param rows in all files
 * @param columns that can be read
 * @param unreadable the others
 */
public record SampledInput(
    String path,
    InputFormat format,
    long rows,
    List<SampledColumn> columns,
    List<UnreadableColumn> unreadable) {
  /** Why a template cannot read a column. */
  static final String HIDDEN =
      "templates cannot read it, because the column row takes the place of row[...]; rename one";

  private static final int SAMPLE_ROWS = 1_000;
  private static final long SAMPLE_BYTES = 16L << 20;

  /**
   * Reads the columns, and the first rows.
   *
   * @param path as the user wrote it
   * @param resolved the same as a path of Flink's
   * @throws FileReadException naming a path or file that cannot be read
   * @throws IllegalArgumentException if files have both formats, naming one of each
   */
  public static SampledInput read(String path, String resolved) throws IOException {
    InputFormat format = formatOf(path, ListedFiles.of(List.of(resolved)));
    InputFiles files =
        format == InputFormat.JSONL
            ? JsonLinesInputs.inspect(List.of(resolved))
            : ParquetInputs.inspect(resolved);
    List<UnreadableColumn> unreadable = unreadable(files);
    Set<String> readable = new LinkedHashSet<>(files.columnNames());
    unreadable.forEach(column -> readable.remove(column.name()));
    InputColumns selected = files.select(List.copyOf(readable));
    List<SampledColumn> columns =
        selected.schema().getFields().stream().map(SampledColumn::new).toList();
    sample(files, selected, columns);
    return new SampledInput(path, format, files.rows(), columns, unreadable);
  }

  private static InputFormat formatOf(String path, ListedFiles listed) {
    Map<InputFormat, String> examples = new EnumMap<>(InputFormat.class);
    for (ListedFile file : listed.files()) {
      examples.putIfAbsent(
          InputFormat.ofName(file.path()).orElse(InputFormat.PARQUET), file.path());
    }
    if (examples.size() > 1) {
      throw new IllegalArgumentException(
          "%s: there are files of Parquet and of JSON Lines, such as %s; name those of one format, for instance with a glob"
              .formatted(path, String.join(" and ", examples.values())));
    }
    return examples.keySet().iterator().next();
  }

  private static List<UnreadableColumn> unreadable(InputFiles files) {
    Map<String, UnreadableColumn> unreadable = new LinkedHashMap<>();
    for (PartialColumn column : files.partialColumns()) {
      String cause =
          "column %s is in %s, but not in %s"
              .formatted(column.name(), column.present(), column.absent());
      unreadable.put(column.name(), new UnreadableColumn(column.name(), cause));
    }
    for (String column : files.columnNames()) {
      if (!unreadable.containsKey(column)) {
        try {
          files.select(List.of(column));
        } catch (FileReadException e) {
          unreadable.put(column, new UnreadableColumn(column, String.valueOf(e.getMessage())));
        }
      }
    }
    return List.copyOf(unreadable.values());
  }

  /** Whether templates cannot read a column that has this name, although jobs can. */
  boolean isHidden(String column) {
    return !ColumnExpression.isVariable(column)
        && Stream.concat(
                columns.stream().map(SampledColumn::name),
                unreadable.stream().map(UnreadableColumn::name))
            .anyMatch(ColumnExpression.ROW::equals);
  }

  private static void sample(InputFiles files, InputColumns selected, List<SampledColumn> columns)
      throws IOException {
    List<FileSplit> splits = files.splits(Long.MAX_VALUE);
    if (splits.isEmpty()) {
      return;
    }
    BatchFormat format =
        files.format(
            new BatchLayout(selected.columns(), selected.schema(), SAMPLE_ROWS, SAMPLE_BYTES));
    try (BatchFormat.Batches batches = format.open(splits.get(0), ArrowMemory.allocator());
        @Nullable ArrowBatch batch = batches.next()) {
      if (batch != null) {
        addRows(batch.root(), columns);
      }
    }
  }

  private static void addRows(VectorSchemaRoot root, List<SampledColumn> columns) {
    for (SampledColumn column : columns) {
      FieldVector vector = root.getVector(column.name());
      for (int row = 0; row < root.getRowCount(); row++) {
        column.add(valueOf(vector, row));
      }
    }
  }

  /**
   * A value; null also for one that templates cannot see, which is an error of its row in a run.
   */
  private static @Nullable Object valueOf(FieldVector vector, int row) {
    try {
      return ArrowValues.read(vector, row);
    } catch (InvalidUtf8Exception | DateTimeException e) {
      return null;
    }
  }
}
