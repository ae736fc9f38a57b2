package io.nightshift.job.report.evaluation;

import io.nightshift.job.options.JobSpecification;
import io.nightshift.operators.infer.AnswerSchema;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.Float8Vector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.MapVector;
import org.apache.arrow.vector.complex.StructVector;
import org.jspecify.annotations.Nullable;

/** Rows of an output with their truths, answers and the answers' probabilities. */
final class EvaluatedRows {
  private final FieldVector truths;
  private final FieldVector answers;
  private final List<String> path;
  private final @Nullable String pointer;
  private final @Nullable MapVector probabilities;
  private final int rows;

  /**
   * @param batch of {@link #columns}; it belongs to the caller
   */
  EvaluatedRows(JobSpecification.Evaluation asked, VectorSchemaRoot batch) {
    this.truths = batch.getVector(asked.column());
    this.answers = batch.getVector(answerColumn(asked));
    this.pointer = asked.field().orElse(null);
    this.path = asked.field().map(EvaluatedRows::names).orElse(List.of());
    this.probabilities = (MapVector) batch.getVector(probabilityColumn(asked));
    this.rows = batch.getRowCount();
  }

  /**
   * The columns of the output that are read.
   *
   * @param names of all columns; a job may have left the probabilities of fields out
   */
  static List<String> columns(JobSpecification.Evaluation asked, Set<String> names) {
    return Stream.of(asked.column(), answerColumn(asked), probabilityColumn(asked))
        .filter(name -> !name.equals(AnswerSchema.FIELD_PROBABILITIES) || names.contains(name))
        .toList();
  }

  private static String answerColumn(JobSpecification.Evaluation asked) {
    return asked.field().isPresent() ? AnswerSchema.ANSWER : AnswerSchema.COMPLETION;
  }

  private static String probabilityColumn(JobSpecification.Evaluation asked) {
    return asked.field().isPresent()
        ? AnswerSchema.FIELD_PROBABILITIES
        : AnswerSchema.CHOICE_PROBABILITIES;
  }

  /** The names in a JSON pointer. */
  private static List<String> names(String pointer) {
    return Arrays.stream(pointer.split("/", -1))
        .skip(1)
        .map(name -> name.replace("~1", "/").replace("~0", "~"))
        .toList();
  }

  void addTo(EvaluationCounts counts) {
    for (int row = 0; row < rows; row++) {
      Object answer = answer(row);
      counts.add(
          truth(row),
          answer,
          answer == null ? null : probability(row, pointer == null ? answer.toString() : pointer));
    }
  }

  /** Not-a-number is what pandas writes for a number that is missing. */
  private @Nullable Object truth(int row) {
    Object truth = truths.getObject(row);
    boolean missing = truth instanceof Number number && Double.isNaN(number.doubleValue());
    return missing ? null : truth;
  }

  private @Nullable Object answer(int row) {
    @Nullable Object value = answers.getObject(row);
    for (String name : path) {
      value = value instanceof Map<?, ?> struct ? struct.get(name) : null;
    }
    return value;
  }

  private @Nullable Double probability(int row, String key) {
    if (probabilities == null || probabilities.isNull(row)) {
      return null;
    }
    StructVector entries = (StructVector) probabilities.getDataVector();
    VarCharVector keys = entries.getChild(MapVector.KEY_NAME, VarCharVector.class);
    Float8Vector values = entries.getChild(MapVector.VALUE_NAME, Float8Vector.class);
    for (int entry = probabilities.getElementStartIndex(row);
        entry < probabilities.getElementEndIndex(row);
        entry++) {
      if (!values.isNull(entry) && key.equals(keys.getObject(entry).toString())) {
        return values.get(entry);
      }
    }
    return null;
  }
}
