package io.nightshift.operators.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.operators.answer.AnswerWriter;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** Collects answered rows into Arrow batches of the output schema. Not thread-safe. */
final class AnswerBatchBuilder implements AutoCloseable {
  private static final int MAX_ROWS = 512;

  /**
   * Size of the kept columns, logprobs and embeddings at which a batch ends, exceeded by less than
   * one row.
   */
  private static final long MAX_BYTES = 2L << 20;

  private final Schema schema;
  private final String unitFile;
  private final String unitRow;
  private final ArrowRowCodec keptColumns;
  private final List<byte[]> choices;
  private final AnswerColumns columns;
  private final TokenTexts tokenTexts;
  private final BufferAllocator allocator;
  private VectorSchemaRoot root;
  private @Nullable AnswerWriter typedAnswers;
  private @Nullable LogprobsWriter logprobs;
  private @Nullable EmbeddingWriter embeddings;
  private int rows;
  private long bytes;

  /**
   * @param kept schema of the kept input columns
   * @param columns which of the optional columns there are
   * @param choices choices of the job; empty without choices
   * @param tokenTexts texts of the model's tokens
   */
  AnswerBatchBuilder(
      Schema kept,
      AnswerColumns columns,
      List<String> choices,
      TokenTexts tokenTexts,
      BufferAllocator allocator) {
    this.columns = columns;
    this.tokenTexts = tokenTexts;
    Schema output = AnswerSchema.outputSchema(kept, columns);
    this.schema = AnswerSchema.withOrigin(output);
    this.unitFile = AnswerSchema.unitFile(output);
    this.unitRow = AnswerSchema.unitRow(output);
    this.keptColumns = new ArrowRowCodec(kept);
    this.choices = choices.stream().map(choice -> choice.getBytes(UTF_8)).toList();
    this.allocator = allocator;
    this.root = VectorSchemaRoot.create(schema, allocator);
    this.typedAnswers = typedAnswers(root);
    this.logprobs = logprobs(root);
    this.embeddings = embeddings(root);
  }

  private @Nullable AnswerWriter typedAnswers(VectorSchemaRoot batch) {
    return columns.answer().isEmpty()
        ? null
        : new AnswerWriter(batch.getVector(AnswerSchema.ANSWER));
  }

  private @Nullable LogprobsWriter logprobs(VectorSchemaRoot batch) {
    return columns.logprobs()
        ? new LogprobsWriter(batch.getVector(AnswerSchema.LOGPROBS), tokenTexts)
        : null;
  }

  private @Nullable EmbeddingWriter embeddings(VectorSchemaRoot batch) {
    return columns.embedding().isPresent()
        ? new EmbeddingWriter(batch.getVector(AnswerSchema.EMBEDDING))
        : null;
  }

  int rows() {
    return rows;
  }

  /** Whether the batch must be taken before another row is added. */
  boolean isFull() {
    return rows >= MAX_ROWS || bytes >= MAX_BYTES;
  }

  /** Adds one row. */
  void add(UnitRow row, Answer answer) {
    keptColumns.decode(row.columns(), root, rows);
    set(unitFile, row.unitFile());
    ((BigIntVector) root.getVector(unitRow)).setSafe(rows, row.unitRow());
    set(AnswerSchema.FINISH_REASON, answer.finishReason().columnValue());
    set(AnswerSchema.PROMPT_TOKENS, answer.promptTokens());
    set(AnswerSchema.CACHED_TOKENS, answer.cachedTokens());
    set(AnswerSchema.ERROR_CODE, answer.errorCode());
    set(AnswerSchema.ERROR_MESSAGE, answer.errorMessage());
    if (embeddings != null) {
      bytes += embeddings.write(rows, answer.embedding());
    } else {
      set(AnswerSchema.COMPLETION, answer.completion());
      set(AnswerSchema.OUTPUT_TOKENS, answer.outputTokens());
    }
    if (columns.source()) {
      set(AnswerSchema.SOURCE_FILE, row.sourceFile());
      ((BigIntVector) root.getVector(AnswerSchema.SOURCE_ROW)).setSafe(rows, row.sourceRow());
    }
    if (columns.choices()) {
      setChoiceProbabilities(answer.choiceProbabilities());
    }
    if (columns.fieldProbabilities()) {
      setFieldProbabilities(answer);
    }
    if (typedAnswers != null && answer.completion() != null) {
      typedAnswers.write(answer.completion().getBytes(UTF_8), rows);
    }
    if (columns.reasoning()) {
      set(AnswerSchema.REASONING, answer.reasoning());
    }
    if (logprobs != null) {
      bytes += logprobs.write(rows, answer.logprobs());
    }
    rows++;
    bytes += row.columns().length;
  }

  private void set(String column, @Nullable String value) {
    VarCharVector vector = (VarCharVector) root.getVector(column);
    if (value == null) {
      vector.setNull(rows);
    } else {
      vector.setSafe(rows, value.getBytes(UTF_8));
    }
  }

  private void set(String column, int value) {
    ((IntVector) root.getVector(column)).setSafe(rows, value);
  }

  private void setChoiceProbabilities(double @Nullable [] probabilities) {
    MapVector map = (MapVector) root.getVector(AnswerSchema.CHOICE_PROBABILITIES);
    if (probabilities == null) {
      map.setNull(rows);
      return;
    }
    int start = map.startNewValue(rows);
    for (int i = 0; i < probabilities.length; i++) {
      setEntry(map, start + i, choices.get(i), probabilities[i]);
    }
    map.endValue(rows, probabilities.length);
  }

  private void setFieldProbabilities(Answer answer) {
    MapVector map = (MapVector) root.getVector(AnswerSchema.FIELD_PROBABILITIES);
    if (answer.completion() == null) {
      map.setNull(rows);
      return;
    }
    int start = map.startNewValue(rows);
    int entry = start;
    for (Map.Entry<String, Double> field : answer.fieldProbabilities().entrySet()) {
      setEntry(map, entry++, field.getKey().getBytes(UTF_8), field.getValue());
    }
    map.endValue(rows, entry - start);
  }

  private static void setEntry(MapVector map, int index, byte[] key, double value) {
    StructVector entries = (StructVector) map.getDataVector();
    entries.setIndexDefined(index);
    ((VarCharVector) entries.getChild(MapVector.KEY_NAME)).setSafe(index, key);
    ((Float8Vector) entries.getChild(MapVector.VALUE_NAME)).setSafe(index, value);
  }

  /**
   * Returns the rows collected so far, at least one, and starts a new batch. The caller owns the
   * returned batch.
   */
  ArrowBatch take() {
    root.setRowCount(rows);
    ArrowBatch batch = new ArrowBatch(root);
    root = VectorSchemaRoot.create(schema, allocator);
    typedAnswers = typedAnswers(root);
    logprobs = logprobs(root);
    embeddings = embeddings(root);
    rows = 0;
    bytes = 0;
    return batch;
  }

  @Override
  public void close() {
    root.close();
  }
}
