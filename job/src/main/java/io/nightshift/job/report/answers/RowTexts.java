package io.nightshift.job.report.answers;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
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
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.jspecify.annotations.Nullable;

/** The kept text columns of a few rows, so that a reader sees what was asked. */
final class RowTexts {
  private static final Set<String> ANSWER_COLUMNS =
      Set.of(
          AnswerSchema.COMPLETION,
          AnswerSchema.FINISH_REASON,
          AnswerSchema.REASONING,
          AnswerSchema.ERROR_CODE,
          AnswerSchema.ERROR_MESSAGE,
          AnswerSchema.SOURCE_FILE);

  private final ParquetInputs inputs;
  private final InputColumns texts;

  RowTexts(ParquetInputs inputs) throws IOException {
    this.inputs = inputs;
    this.texts = inputs.select(textColumns(inputs));
  }

  private static List<String> textColumns(ParquetInputs inputs) throws IOException {
    List<String> names = new ArrayList<>();
    for (String name : inputs.columnNames()) {
      Field field = inputs.select(List.of(name)).schema().getFields().get(0);
      if (field.getType() instanceof ArrowType.Utf8 && !ANSWER_COLUMNS.contains(name)) {
        names.add(name);
      }
    }
    return names;
  }

  /** The rows with their texts. */
  List<UncertainRow> added(List<Uncertain.Candidate> rows) throws IOException {
    if (texts.columns().isEmpty()) {
      return rows.stream().map(Uncertain.Candidate::row).toList();
    }
    BatchFormat format =
        inputs.format(new BatchLayout(texts.columns(), texts.schema(), 1, Long.MAX_VALUE));
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
      for (OutputText column : columns(batch)) {
        parts.add(column.name() + ": " + column.value());
      }
      return parts.isEmpty() ? null : AnswerTally.shown(String.join("  ", parts));
    }
  }

  private record OutputText(String name, String value) {}

  private static List<OutputText> columns(ArrowBatch batch) {
    List<OutputText> columns = new ArrayList<>();
    batch
        .root()
        .getFieldVectors()
        .forEach(
            vector -> {
              if (!vector.isNull(0)) {
                String value =
                    Objects.requireNonNull(((VarCharVector) vector).getObject(0)).toString();
                columns.add(
                    new OutputText(vector.getName(), value.strip().replaceAll("\\s+", " ")));
              }
            });
    return columns;
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
