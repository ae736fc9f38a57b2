package io.nightshift.operators.infer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.row.ArrowValues;
import io.nightshift.runtime.constraint.ConstraintSpecification;
import io.nightshift.runtime.engine.FinishReason;
import io.nightshift.runtime.engine.MarkedReasoning;
import io.nightshift.runtime.engine.ReasoningMark;
import io.nightshift.runtime.sampling.SamplingParameters;
import io.nightshift.runtime.sampling.TopLogprobs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.FieldType;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerBatchBuilderTest {
  private static final Schema KEPT = new Schema(List.of());
  private static final UnitRow ROW =
      new UnitRow("unit", 0, "input", 0, new int[] {1}, new byte[0], null, null);
  private static final AnswerLogprobs NO_TOKENS =
      new AnswerLogprobs(new int[0], new float[0], TopLogprobs.NONE);

  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  private static AnswerColumns typed(boolean fieldProbabilities) {
    Field answer =
        new Field(
            AnswerSchema.ANSWER,
            FieldType.nullable(ArrowType.Struct.INSTANCE),
            List.of(Field.nullable("size", new ArrowType.Int(64, true))));
    return columns(
        AnswerConstraint.typed(
            new ConstraintSpecification.JsonSchema("{}", false, fieldProbabilities), answer),
        SamplingParameters.greedy(9));
  }

  /** With a column for reasoning. */
  private static AnswerColumns columns(AnswerConstraint constraint, SamplingParameters sampling) {
    ReasoningMark mark = new ReasoningMark("m", new int[] {2});
    return new AnswerSpecification(
            null,
            constraint,
            new AnswerReasoning(new MarkedReasoning(mark, mark, 0), true),
            sampling,
            true)
        .columns(false);
  }

  private AnswerBatchBuilder builder(AnswerColumns columns) {
    return new AnswerBatchBuilder(
        KEPT, columns, List.of(), new TokenTexts(token -> "t" + token), allocator);
  }

  private AnswerBatchBuilder builderOfLogprobs() {
    return builder(
        new AnswerColumns(Optional.empty(), false, Optional.empty(), false, true, true, false));
  }

  private static Answer answer(String completion, Map<String, Double> fields) {
    return answer(completion, "hm", NO_TOKENS, fields);
  }

  private static Answer answer(@Nullable String reasoning, AnswerLogprobs logprobs) {
    return answer("x", reasoning, logprobs, Map.of());
  }

  private static Answer answer(
      String completion,
      @Nullable String reasoning,
      AnswerLogprobs logprobs,
      Map<String, Double> fields) {
    return new Answer(
        completion,
        FinishReason.STOP,
        reasoning,
        logprobs,
        null,
        fields,
        null,
        1,
        0,
        5,
        null,
        null);
  }

  private static List<String> names(AnswerColumns columns) {
    return AnswerSchema.outputSchema(KEPT, columns).getFields().stream()
        .map(Field::getName)
        .toList();
  }

  private static List<@Nullable Object> values(ArrowBatch batch, String column) throws Exception {
    List<@Nullable Object> values = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      values.add(ArrowValues.read(batch.root().getVector(column), row));
    }
    return values;
  }

  @Test
  void typedAnswersFollowTheCompletionAndReasoningAndLogprobsFollowThem() {
    assertThat(names(typed(true)))
        .startsWith("completion", "finish_reason", "answer", "field_probabilities", "reasoning")
        .doesNotContain("choice_probabilities", "logprobs");
    assertThat(names(typed(false)))
        .contains("answer")
        .doesNotContain("field_probabilities", "choice_probabilities");
    assertThat(
            names(
                columns(
                    AnswerConstraint.of(new ConstraintSpecification.Regex("a+")),
                    SamplingParameters.greedy(9).withTopLogprobs(2))))
        .startsWith("completion", "finish_reason", "reasoning", "logprobs");
  }

  @Test
  void aKeptColumnMayNotHaveTheNameOfAnAnswersColumn() {
    for (String name : List.of("Answer", "field_probabilities", "reasoning")) {
      Schema kept = new Schema(List.of(Field.nullable(name, ArrowType.Utf8.INSTANCE)));
      assertThatThrownBy(() -> AnswerSchema.outputSchema(kept, typed(true)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the input column " + name)
          .hasMessageContaining("output.columns");
    }
  }

  @Test
  void rowsHaveTypedAnswersAndThoseWithAnErrorHaveNone() throws Exception {
    try (AnswerBatchBuilder builder = builder(typed(true))) {
      builder.add(ROW, answer("{\"size\":7}", Map.of("/size", 0.75)));
      builder.add(ROW, Answer.error(1, "code", "message"));
      try (ArrowBatch batch = builder.take()) {
        assertThat(values(batch, "answer")).containsExactly(size(7L), null);
        assertThat(values(batch, "field_probabilities"))
            .containsExactly(Map.of("/size", 0.75), null);
        assertThat(values(batch, "reasoning")).containsExactly("hm", null);
      }
      builder.add(ROW, answer("{}", Map.of()));
      try (ArrowBatch second = builder.take()) {
        assertThat(values(second, "answer")).containsExactly(size(null));
        assertThat(values(second, "field_probabilities")).containsExactly(Map.of());
      }
    }
  }

  private static Map<String, @Nullable Object> size(@Nullable Long size) {
    Map<String, @Nullable Object> answer = new LinkedHashMap<>();
    answer.put("size", size);
    return answer;
  }

  @Test
  void logprobsAreListsOfTokens() throws Exception {
    float none = Float.NaN;
    try (AnswerBatchBuilder builder = builderOfLogprobs()) {
      builder.add(
          ROW,
          answer(
              "hm",
              new AnswerLogprobs(
                  new int[] {3, 4, 5},
                  new float[] {-0.5f, none, -2},
                  new TopLogprobs(
                      new int[] {3, 9, -1, -1, 8, 7},
                      new float[] {-0.5f, -1, none, none, -1.5f, -1.75f}))));
      builder.add(ROW, Answer.error(1, "code", "message"));
      builder.add(
          ROW, answer(null, new AnswerLogprobs(new int[] {6}, new float[] {-1}, TopLogprobs.NONE)));
      try (ArrowBatch batch = builder.take()) {
        assertThat(values(batch, "reasoning")).containsExactly("hm", null, null);
        assertThat(values(batch, "logprobs"))
            .containsExactly(
                List.of(
                    token(3, -0.5, List.of(token(3, -0.5), token(9, -1.0))),
                    token(4, null, List.of()),
                    token(5, -2.0, List.of(token(8, -1.5), token(7, -1.75)))),
                null,
                List.of(token(6, -1.0, List.of())));
      }
    }
  }

  private static Map<String, @Nullable Object> token(long id, @Nullable Double logprob) {
    Map<String, @Nullable Object> token = new LinkedHashMap<>();
    token.put("token", "t" + id);
    token.put("token_id", id);
    token.put("logprob", logprob);
    return token;
  }

  private static Map<String, @Nullable Object> token(
      long id, @Nullable Double logprob, List<?> top) {
    Map<String, @Nullable Object> token = token(id, logprob);
    token.put("top", top);
    return token;
  }

  @Test
  void aBatchEndsBeforeItsLogprobsTakeManyMegabytes() {
    int tokens = 1000;
    AnswerLogprobs large =
        new AnswerLogprobs(
            new int[tokens],
            new float[tokens],
            new TopLogprobs(new int[20 * tokens], new float[20 * tokens]));
    try (AnswerBatchBuilder builder = builderOfLogprobs()) {
      int rows = 0;
      while (!builder.isFull()) {
        builder.add(ROW, answer("hm", large));
        rows++;
      }
      assertThat(rows).isBetween(2, 20);
      builder.take().close();
      assertThat(builder.isFull()).isFalse();
    }
  }
}
