package io.nightshift.runtime.engine;

import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.StepInputs;
import io.nightshift.runtime.runner.TokenSampling;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.sampling.SampledToken;
import io.nightshift.runtime.sampling.SamplingParameters;
import io.nightshift.runtime.scheduler.Sequence;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request whose answer is generated token by token. */
final class GeneratingRequest extends ActiveRequest {

  private final SamplingParameters parameters;
  private final Set<Integer> endTokens;
  private final ReasoningParser text;
  private final OutputLogprobs logprobs;
  private final @Nullable ConstrainedAnswer constraint;
  private @Nullable SampledToken sampled;
  private int forcedTokens;

  /**
   * @param endTokens end-of-sequence tokens of the model
   * @param maxContext maximum number of tokens of prompt and answer together
   * @param forcesTokens whether tokens without alternative are appended without sampling. Not done
   *     if log probabilities are wanted: those of all tokens need the logits before each
   */
  GeneratingRequest(
      Request request,
      Set<Integer> endTokens,
      int maxContext,
      int vocabularySize,
      Detokenizer detokenizer,
      boolean forcesTokens) {
    super(
        request,
        Sequence.generating(
            request.promptTokens(),
            maxLength(request, maxContext),
            inputs(request, vocabularySize)));
    this.parameters = request.sampling();
    this.endTokens = parameters.ignoreEndOfSequence() ? Set.of() : endTokens;
    this.text =
        new ReasoningParser(
            detokenizer, request.reasoning(), request.promptTokens(), parameters.stop());
    this.logprobs =
        new OutputLogprobs(
            parameters.logprobs(), Math.min(parameters.topLogprobs(), vocabularySize));
    this.constraint =
        request
            .constraint()
            .map(
                some ->
                    new ConstrainedAnswer(some.matcher(), forcesTokens && !parameters.logprobs()))
            .orElse(null);
  }

  private static int inputs(Request request, int vocabularySize) {
    boolean penalizes = request.sampling().repetitionPenalty() != 1;
    return penalizes ? StepInputs.ofSeenTokens(vocabularySize) : 0;
  }

  private static int maxLength(Request request, int maxContext) {
    long wanted = (long) request.promptTokens().length + request.sampling().maxTokens();
    return (int) Math.min(wanted, maxContext);
  }

  @Override
  List<LogitsRequest> logitsRequests(int lastToken) {
    return List.of(
        LogitsRequest.sampled(
            lastToken,
            new TokenSampling(
                parameters,
                sequence.tokens(),
                sequence.length(),
                sequence.length() - sequence.promptLength(),
                constraint == null ? null : constraint::mask)));
  }

  @Override
  void useLogits(int index, Logits logits, int row, LogitsWorkspace workspace) {
    sampled = logits.sampled(row, workspace);
  }

  @Override
  void continueInFlight(int row) {
    int unknown = sequence.length() - sequence.promptLength() - sequence.outputLength();
    if (!text.mayReachLimit(unknown + 1)) {
      sequence.appendUnknown(row);
    }
  }

  @Override
  @Nullable Completion begin() {
    if (constraint == null) {
      return null;
    }
    constraint.findNext(sequence.maxLength() - sequence.length());
    return appendForced(constraint);
  }

  @Override
  boolean isConstrained() {
    return constraint != null;
  }

  @Override
  void advanceConstraint() {
    if (constraint != null && !hasFailed() && !endTokens.contains(nextToken().token())) {
      constraint.accept(nextToken().token(), sequence.maxLength() - sequence.knownLength() - 1);
    }
  }

  @Override
  int forcedTokens() {
    return forcedTokens;
  }

  private SampledToken nextToken() {
    return Objects.requireNonNull(sampled, "advance before useLogits");
  }

  @Override
  @Nullable Completion advance() {
    SampledToken next = nextToken();
    logprobs.add(next);
    sequence.append(next.token());
    if (endTokens.contains(next.token())) {
      return complete(constraint == null ? FinishReason.STOP : constraint.finishReason());
    }
    if (text.append(next.token())) {
      return complete(FinishReason.STOP);
    }
    if (text.isAtLimit()) {
      endReasoning();
    }
    return constraint == null ? completeAtMaxLength() : appendForced(constraint);
  }

  private @Nullable Completion appendForced(ConstrainedAnswer answer) {
    for (int token : answer.forced()) {
      appendForced(token);
    }
    return answer.isComplete() ? complete(answer.finishReason()) : completeAtMaxLength();
  }

  /** Appends the mark that ends the reasoning, without sampling it. */
  private void endReasoning() {
    for (int token : text.endMark()) {
      if (!isAtMaxLength()) {
        appendForced(token);
      }
    }
  }

  private void appendForced(int token) {
    sequence.append(token);
    text.append(token);
    logprobs.addForced();
    forcedTokens++;
  }

  private @Nullable Completion completeAtMaxLength() {
    return isAtMaxLength() ? complete(FinishReason.LENGTH) : null;
  }

  private boolean isAtMaxLength() {
    return sequence.knownLength() == sequence.maxLength();
  }

  private Completion complete(FinishReason reason) {
    return Completion.generated(
        request,
        text.finishAnswer(),
        text.finishReasoning(),
        sequence.outputTokens(),
        logprobs,
        reason,
        sequence.cachedTokens());
  }
}
