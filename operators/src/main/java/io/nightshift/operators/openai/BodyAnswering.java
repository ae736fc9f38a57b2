package io.nightshift.operators.openai;

import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.operators.infer.AnswerColumns;
import io.nightshift.operators.infer.Answering;
import io.nightshift.operators.infer.RowAnswering;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.runtime.engine.Reasoning;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Answers each row as its body asks. The answer is the part of the response that the request is
 * for: a choice or an embedding, as JSON.
 *
 * @param seed of the job, from which that of a body without a seed is derived
 * @param reasoning how reasoning is told from the answer; null if it is left in it
 * @param reasoningShown whether it is a field of the answer, and not dropped
 * @param shareDuplicates whether requests that ask for the same share an answer if sampling is
 *     greedy
 */
public record BodyAnswering(
    long seed, @Nullable Reasoning reasoning, boolean reasoningShown, boolean shareDuplicates)
    implements Answering {
  /** Nothing is known of bodies when work is divided. */
  private static final int EXPECTED_TOKENS = 128;

  @Override
  public RowAnswering open(TaskEngine engine, Schema kept) {
    return new BodyRowAnswering(
        this,
        engine.constraints(),
        new ChoiceJson(engine.tokenTexts(), reasoningShown),
        new RequestColumns(ArrowMemory.allocator()));
  }

  @Override
  public AnswerColumns columns(boolean withSource) {
    return new AnswerColumns(
        Optional.empty(), false, Optional.empty(), false, false, false, withSource);
  }

  /** Bodies that need one are refused one by one. */
  @Override
  public boolean needsOutputProjection() {
    return false;
  }

  @Override
  public boolean sharesPrefixes() {
    return true;
  }

  /** It depends on their bodies. */
  @Override
  public boolean sharesAnswers() {
    return false;
  }

  @Override
  public int maxTokens() {
    return EXPECTED_TOKENS;
  }

  @Override
  public int expectedTokens() {
    return EXPECTED_TOKENS;
  }

  @Override
  public List<String> description() {
    return List.of();
  }
}
