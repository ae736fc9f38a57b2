package io.nightshift.runtime.engine;

import io.nightshift.runtime.model.ModelConfig;
import org.jspecify.annotations.Nullable;

/** Creates the active request of each kind of answer, with what requests of an engine share. */
final class ActiveRequestFactory {
  private final ModelConfig model;
  private final Detokenizer detokenizer;
  private final boolean forcesTokens;
  private final FieldPlans fieldPlans;
  private final ReasoningMasks reasoningMasks;

  /** Maximum number of tokens of a sequence, prompt and answer together. */
  private final int maxTokens;

  /**
   * @param forcesTokens whether tokens are forced where a constraint leaves no choice
   */
  ActiveRequestFactory(
      ModelConfig model, RequestChecker checker, Detokenizer detokenizer, boolean forcesTokens) {
    this.model = model;
    this.detokenizer = detokenizer;
    this.forcesTokens = forcesTokens;
    maxTokens = Math.min(checker.maxPositions(), checker.cacheTokens());
    fieldPlans = new FieldPlans(checker.maxTreeNodes());
    reasoningMasks = new ReasoningMasks(model.vocabularySize(), model.endOfSequenceTokens());
  }

  /**
   * @param plan of the request's choices; null if it has none
   */
  ActiveRequest create(Request request, @Nullable ChoicePlan plan) {
    int prompt = request.promptTokens().length;
    if (plan != null) {
      return new ScoringRequest(request, plan, isLongContext(prompt, plan.longestChoice()));
    }
    if (request.embedding().isPresent()) {
      return new EmbeddingRequest(
          request, request.embedding().get(), model.hiddenSize(), isLongContext(prompt, 0));
    }
    return new GeneratingRequest(
        request,
        model.endOfSequenceTokens(),
        maxTokens,
        isLongContext(prompt, request.sampling().maxTokens()),
        model.vocabularySize(),
        detokenizer,
        forcesTokens,
        fieldPlans,
        reasoningMasks);
  }

  /** Whether a prompt and its longest answer need the rotary factors of long sequences. */
  private boolean isLongContext(int promptTokens, int answerTokens) {
    return model.isLongContext((long) promptTokens + answerTokens);
  }
}
