package io.nightshift.operators.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.arrow.row.ArrowValues;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.engine.FinishReason;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class AnswerBatchBuilderTest {
  private static final Schema KEPT = new Schema(List.of());
  private static final Field COLUMN =
      new Field(
          AnswerSchema.ANSWER,
          FieldType.nullable(ArrowType.Struct.INSTANCE),
          List.of(Field.nullable("size", new ArrowType.Int(64, true))));

  private static AnswerSpecification typed(boolean fieldProbabilities) {
    return new AnswerSpecification(
        null,
        AnswerConstraint.typed(
            new ConstraintSpecification.JsonSchema("{}", false), COLUMN, fieldProbabilities),
        SamplingParameters.greedy(9),
        true);
  }

  private static List<String> names(AnswerSpecification answer) {
    return AnswerSchema.outputSchema(KEPT, answer.columns(false)).getFields().stream()
        .map(Field::getName)
        .toList();
  }

  @Test
  void typedAnswersFollowTheCompletion() {
    assertThat(names(typed(true)))
        .startsWith("completion", "finish_reason", "answer", "field_probabilities");
    assertThat(names(typed(false)))
        .contains("answer")
        .doesNotContain("field_probabilities", "choice_probabilities");
    AnswerSpecification regex =
        new AnswerSpecification(
            null,
            AnswerConstraint.of(new ConstraintSpecification.Regex("a+")),
            SamplingParameters.greedy(9),
            true);
    assertThat(names(regex)).doesNotContain("answer", "field_probabilities");
  }

  @Test
  void aKeptColumnMayNotHaveTheNameOfATypedAnswersColumn() {
    for (String name : List.of("Answer", "field_probabilities")) {
      Schema kept = new Schema(List.of(Field.nullable(name, ArrowType.Utf8.INSTANCE)));
      assertThatThrownBy(() -> AnswerSchema.outputSchema(kept, typed(true).columns(false)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the input column " + name)
          .hasMessageContaining("output.columns");
    }
  }

  @Test
  void rowsHaveTypedAnswersAndThoseWithAnErrorHaveNone() throws Exception {
    try (BufferAllocator allocator = new RootAllocator()) {
      AnswerBatchBuilder builder =
          new AnswerBatchBuilder(KEPT, typed(true).columns(false), List.of(), allocator);
      byte[] columns;
      try (VectorSchemaRoot none = VectorSchemaRoot.create(KEPT, allocator)) {
        columns = new ArrowRowCodec(KEPT).encode(none, 0);
      }
      UnitRow row = new UnitRow("unit", 0, "file", 0, new int[] {1}, columns, null, null);
      builder.add(row, answer("{\"size\":7}", Map.of("/size", 0.75)));
      builder.add(row, Answer.error(1, "code", "message"));
      assertThat(values(builder.take())).containsExactly(size(7L), null);
      builder.add(row, answer("{}", Map.of()));
      try (ArrowBatch second = builder.take()) {
        assertThat(ArrowValues.read(second.root().getVector("answer"), 0)).isEqualTo(size(null));
        assertThat(ArrowValues.read(second.root().getVector("field_probabilities"), 0))
            .isEqualTo(Map.of());
      }
      builder.close();
    }
  }

  private static Answer answer(String completion, Map<String, Double> fields) {
    return new Answer(completion, FinishReason.STOP, null, fields, 1, 0, 5, null, null);
  }

  private static Map<String, @Nullable Object> size(@Nullable Long size) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("size", size);
    return answer;
  }

  private static List<@Nullable Object> values(ArrowBatch batch) throws Exception {
    try (batch) {
      FieldVector probabilities = batch.root().getVector("field_probabilities");
      assertThat(ArrowValues.read(probabilities, 0)).isEqualTo(Map.of("/size", 0.75));
      assertThat(probabilities.isNull(1)).isTrue();
      List<@Nullable Object> values = new ArrayList<>();
      for (int row = 0; row < batch.rows(); row++) {
        values.add(ArrowValues.read(batch.root().getVector("answer"), row));
      }
      return values;
    }
  }
}
