package io.nightshift.job.pipeline;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.options.ReasoningMode;
import io.nightshift.operators.infer.AnswerReasoning;
import io.nightshift.runtime.engine.HarmonyReasoning;
import io.nightshift.runtime.engine.MarkedReasoning;
import io.nightshift.runtime.engine.Reasoning;
import io.nightshift.runtime.engine.ReasoningMark;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Finds how the reasoning of a model is told from its answers: by the channels of harmony, if it
 * has their control tokens, or by the marks between which it thinks. These are among those that
 * models are known to have: as tokens of its vocabulary, or else in its chat template.
 */
final class ReasoningMarks {
  /** Of Qwen3, DeepSeek-R1 and most others; Magistral; Seed-OSS. */
  private static final List<List<String>> KNOWN =
      List.of(
          List.of("<think>", "</think>"),
          List.of("[THINK]", "[/THINK]"),
          List.of("<seed:think>", "</seed:think>"));

  private ReasoningMarks() {}

  /**
   * What the job does with reasoning; empty if it keeps it.
   *
   * @throws InvalidJobException if the job gives no marks, and none are found
   */
  static Optional<AnswerReasoning> of(
      JobSpecification.Reasoning job, ModelDescription model, Tokenizer tokenizer) {
    if (job.mode() == ReasoningMode.KEEP) {
      return Optional.empty();
    }
    int maxTokens = job.maxTokens().orElse(0);
    Reasoning reasoning =
        job.marks()
            .map(marks -> marked(marks, maxTokens, tokenizer))
            .or(() -> HarmonyReasoning.find(tokenizer, maxTokens).map(harmony -> harmony))
            .orElseGet(() -> marked(find(model, tokenizer), maxTokens, tokenizer));
    return Optional.of(new AnswerReasoning(reasoning, job.mode() == ReasoningMode.COLUMN));
  }

  private static Reasoning marked(List<String> marks, int maxTokens, Tokenizer tokenizer) {
    return new MarkedReasoning(
        ReasoningMark.of(marks.get(0), tokenizer),
        ReasoningMark.of(marks.get(1), tokenizer),
        maxTokens);
  }

  private static List<String> find(ModelDescription model, Tokenizer tokenizer) {
    String template = model.chatTemplate().map(chat -> chat.source()).orElse("");
    return KNOWN.stream()
        .filter(marks -> marks.stream().allMatch(mark -> tokenizer.tokenId(mark).isPresent()))
        .findFirst()
        .or(() -> KNOWN.stream().filter(marks -> template.contains(marks.get(1))).findFirst())
        .orElseThrow(
            () ->
                new InvalidJobException(
                    "answer.reasoning: neither the model's tokenizer nor its chat template has "
                        + KNOWN.stream()
                            .map(marks -> String.join(" and ", marks))
                            .collect(Collectors.joining(", or "))
                        + ", or the channels of harmony; give the marks between which it thinks as answer.reasoning-marks, or"
                        + " remove answer.reasoning if it does not think"));
  }
}
