package io.nightshift.job.sql;

import io.nightshift.operators.infer.Answer;
import io.nightshift.operators.infer.AnswerLogprobs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.flink.table.data.GenericArrayData;
import org.apache.flink.table.data.GenericMapData;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.StringData;
import org.jspecify.annotations.Nullable;

/** Parts of answers in Flink's internal format. */
final class AnswerValues {
  private AnswerValues() {}

  static @Nullable StringData text(@Nullable String text) {
    return StringData.fromString(text);
  }

  /** The probability of the answer among the choices; null without an answer. */
  static @Nullable Double probability(Answer answer, List<String> choices) {
    double[] probabilities = answer.choiceProbabilities();
    return probabilities == null ? null : probabilities[choices.indexOf(answer.completion())];
  }

  /** The probabilities of the choices; null without an answer. */
  static @Nullable GenericMapData probabilities(Answer answer, List<String> choices) {
    double[] probabilities = answer.choiceProbabilities();
    if (probabilities == null) {
      return null;
    }
    Map<String, Double> byChoice = new LinkedHashMap<>();
    for (int i = 0; i < probabilities.length; i++) {
      byChoice.put(choices.get(i), probabilities[i]);
    }
    return map(byChoice);
  }

  /** The probabilities of the answer's enumerated fields; null without an answer. */
  static @Nullable GenericMapData fieldProbabilities(Answer answer) {
    return answer.completion() == null ? null : map(answer.fieldProbabilities());
  }

  private static GenericMapData map(Map<String, Double> probabilities) {
    Map<StringData, Double> entries = new LinkedHashMap<>();
    probabilities.forEach((key, value) -> entries.put(StringData.fromString(key), value));
    return new GenericMapData(entries);
  }

  /** The elements of an embedding; null without one. */
  static @Nullable GenericArrayData embedding(Answer answer) {
    float[] embedding = answer.embedding();
    return embedding == null ? null : new GenericArrayData(embedding);
  }

  /** The output tokens with their log probabilities; null without an answer. */
  static @Nullable GenericArrayData logprobs(Answer answer, IntFunction<String> texts) {
    AnswerLogprobs logprobs = answer.logprobs();
    if (logprobs == null) {
      return null;
    }
    Object[] rows = new Object[logprobs.tokens().length];
    for (int i = 0; i < rows.length; i++) {
      int token = logprobs.tokens()[i];
      float logprob = logprobs.logprobs()[i];
      rows[i] =
          GenericRowData.of(
              text(texts.apply(token)),
              token,
              Float.isNaN(logprob) ? null : logprob,
              top(logprobs, i, texts));
    }
    return new GenericArrayData(rows);
  }

  private static GenericArrayData top(
      AnswerLogprobs logprobs, int position, IntFunction<String> texts) {
    int count = logprobs.topCount();
    return new GenericArrayData(
        IntStream.range(position * count, (position + 1) * count)
            .filter(i -> logprobs.top().tokens()[i] >= 0)
            .mapToObj(
                i ->
                    GenericRowData.of(
                        text(texts.apply(logprobs.top().tokens()[i])),
                        logprobs.top().tokens()[i],
                        logprobs.top().logprobs()[i]))
            .toArray());
  }
}
