package io.nightshift.operators.infer;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.runtime.engine.FinishReason;
import io.nightshift.runtime.sampling.TopLogprobs;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.RootAllocator;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AnswerBatchBuilderTest {
  private static final UnitRow ROW =
      new UnitRow("unit", 0, "input", 0, new int[] {1}, new byte[0], null, null);

  private final BufferAllocator allocator = new RootAllocator();

  @AfterEach
  void nothingLeaks() {
    allocator.close();
  }

  private AnswerBatchBuilder builder() {
    return new AnswerBatchBuilder(
        new Schema(List.of()),
        new AnswerColumns(false, true, true, false),
        List.of(),
        new TokenTexts(token -> "t" + token),
        allocator);
  }

  private static Answer answer(@Nullable String reasoning, AnswerLogprobs logprobs) {
    return new Answer("x", FinishReason.STOP, reasoning, logprobs, null, 1, 0, 1, null, null);
  }

  @Test
  void logprobsAreListsOfTokens() throws Exception {
    float none = Float.NaN;
    try (AnswerBatchBuilder builder = builder()) {
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
                    token(3, -0.5, List.of(token(3, -0.5), token(9, -1))),
                    Map.of("token", "t4", "token_id", 4, "top", List.of()),
                    token(5, -2, List.of(token(8, -1.5), token(7, -1.75)))),
                null,
                List.of(token(6, -1, List.of())));
      }
    }
  }

  private static Map<String, Object> token(int id, double logprob) {
    return Map.of("token", "t" + id, "token_id", id, "logprob", logprob);
  }

  private static Map<String, Object> token(int id, double logprob, List<?> top) {
    return Map.of("token", "t" + id, "token_id", id, "logprob", logprob, "top", top);
  }

  private static List<@Nullable Object> values(ArrowBatch batch, String column) throws Exception {
    List<@Nullable Object> values = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      Object value = batch.root().getVector(column).getObject(row);
      values.add(value == null ? null : plain(String.valueOf(value)));
    }
    return values;
  }

  /** A text as it is, and a list as Arrow prints it, which is JSON. */
  private static Object plain(String printed) throws Exception {
    return printed.startsWith("[") ? new ObjectMapper().readValue(printed, List.class) : printed;
  }

  @Test
  void aBatchEndsBeforeItsLogprobsTakeManyMegabytes() {
    int tokens = 1000;
    AnswerLogprobs large =
        new AnswerLogprobs(
            new int[tokens],
            new float[tokens],
            new TopLogprobs(new int[20 * tokens], new float[20 * tokens]));
    try (AnswerBatchBuilder builder = builder()) {
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
