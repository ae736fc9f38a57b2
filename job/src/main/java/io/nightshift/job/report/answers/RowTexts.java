package io.nightshift.job.report.answers;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.row.ArrowValues;
import io.nightshift.connectors.arrow.row.InvalidUtf8Exception;
import io.nightshift.connectors.arrow.schema.FieldMetadata;
import io.nightshift.connectors.files.ParallelReads;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.parquet.input.ParquetInputFile;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.connectors.source.BatchFormat;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.FileSplit;
import io.nightshift.connectors.source.SplitPosition;
import io.nightshift.job.report.UncertainRow;
import io.nightshift.operators.infer.AnswerSchema;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/**
 * The kept columns of a few rows, so that a reader finds them and sees what was asked: ids, numbers
 * and times first, then texts.
 */
final class RowTexts {
  /**
   * Ids, numbers and times that are shown, so that of a wide table something of the texts is seen.
   */
  private static final int SHORT_COLUMNS = 4;

  private final ParquetInputs inputs;
  private final InputColumns columns;

  RowTexts(ParquetInputs inputs) throws IOException {
    this.inputs = inputs;
    this.columns = inputs.select(shownColumns(inputs));
  }

  private static List<String> shownColumns(ParquetInputs inputs) throws IOException {
    List<String> shortOnes = new ArrayList<>();
    List<String> texts = new ArrayList<>();
    for (String name : inputs.columnNames()) {
      if (AnswerSchema.PLAIN_COLUMNS.contains(name)) {
        continue;
      }
      Field field = inputs.field(name);
      switch (field.getType().getTypeID()) {
        case Int, FloatingPoint, Decimal, Date, Time, Timestamp -> shortOnes.add(name);
        case FixedSizeBinary -> {
          if ("UUID".equals(field.getMetadata().get(FieldMetadata.LOGICAL_TYPE))) {
            shortOnes.add(name);
          }
        }
        case Utf8 -> texts.add(name);
        default -> {}
      }
    }
    return Stream.concat(shortOnes.stream(), texts.stream()).toList();
  }

  /** The rows with their texts. */
  List<UncertainRow> added(List<Uncertain.Candidate> rows) throws IOException {
    if (columns.columns().isEmpty()) {
      return rows.stream().map(Uncertain.Candidate::row).toList();
    }
    BatchFormat format =
        inputs.format(new BatchLayout(columns.columns(), columns.schema(), 1, Long.MAX_VALUE));
    return ParallelReads.map(
        rows,
        candidate -> {
          UncertainRow row = candidate.row();
          return new UncertainRow(
              row.sourceFile(),
              row.sourceRow(),
              row.field(),
              row.answer(),
              row.confidence(),
              row.runnerUp(),
              text(format, candidate.position()));
        });
  }

  private @Nullable String text(BatchFormat format, RowPosition position) throws IOException {
    FileSplit at = position.part().at(inFile(position));
    try (BatchFormat.Batches batches = format.open(at, ArrowMemory.allocator());
        ArrowBatch batch = Objects.requireNonNull(batches.next())) {
      List<String> parts = new ArrayList<>();
      for (FieldVector vector : batch.root().getFieldVectors()) {
        boolean shown = vector instanceof VarCharVector || parts.size() < SHORT_COLUMNS;
        if (shown && !vector.isNull(0)) {
          parts.add(vector.getName() + ": " + value(vector).strip().replaceAll("\\s+", " "));
        }
      }
      return parts.isEmpty() ? null : AnswerTally.shown(String.join("  ", parts));
    }
  }

  private static String value(FieldVector vector) throws IOException {
    try {
      return String.valueOf(ArrowValues.read(vector, 0));
    } catch (InvalidUtf8Exception | DateTimeException e) {
      // Rows are answered without this column: it does not keep their report from being made.
      return String.valueOf(vector.getObject(0));
    }
  }

  /** The row group that a row of a part is in, and its number there. */
  private SplitPosition inFile(RowPosition position) {
    FileSplit part = position.part();
    ParquetInputFile file =
        inputs.files().stream()
            .filter(some -> some.path().equals(part.path()))
            .findFirst()
            .orElseThrow();
    long row = position.row();
    int group = Math.toIntExact(part.start());
    while (row >= file.rowGroups().get(group).rows()) {
      row -= file.rowGroups().get(group).rows();
      group++;
    }
    return new SplitPosition(group, row);
  }
}
