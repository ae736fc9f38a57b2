package io.nightshift.runtime.engine;

import io.nightshift.runtime.constraint.TokenMatcher.EnumeratedField;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.StepInputs;
import io.nightshift.runtime.runner.TokenSampling;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.sampling.SampledToken;
import io.nightshift.runtime.sampling.SamplingParameters;
import io.nightshift.runtime.scheduler.Sequence;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A request whose answer is generated token by token. */
final class GeneratingRequest extends ActiveRequest {

  private final SamplingParameters parameters;
  private final Set<Integer> endTokens;
  private final OutputText text;
  private final @Nullable ConstrainedAnswer constraint;
  private float[] logprobs = {};
  private @Nullable SampledToken sampled;
  private final FieldPlans plans;
  private final Map<String, Double> fieldProbabilities = new LinkedHashMap<>();
  private @Nullable FieldScoring scoring;
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
      boolean forcesTokens,
      FieldPlans plans) {
    super(
        request,
        Sequence.generating(
            request.promptTokens(),
            maxLength(request, maxContext),
            inputs(request, vocabularySize)));
    this.parameters = request.sampling();
    this.plans = plans;
    this.endTokens = parameters.ignoreEndOfSequence() ? Set.of() : endTokens;
    this.text = new OutputText(detokenizer, parameters.stop());
    this.constraint =
        request
            .constraint()
            .map(
                some ->
                    new ConstrainedAnswer(
                        some.matcher(), forcesTokens && !parameters.logprobs(), plans))
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
    if (scoring != null) {
      return scoring.logitsRequests(lastToken);
    }
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
    if (scoring != null) {
      scoring.useLogits(index, logits, row, workspace);
    } else {
      sampled = logits.sampled(row, workspace);
    }
  }

  @Override
  void continueInFlight(int row) {
    if (scoring == null) {
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
  boolean isScoring() {
    return scoring != null;
  }

  @Override
  void advanceConstraint() {
    if (constraint == null || hasFailed()) {
      return;
    }
    if (scoring != null) {
      scoring.advance();
      if (scoring.isDecided()) {
        int[] value = scoring.chosenTokens();
        constraint.write(value, sequence.maxLength() - sequence.knownLength() - value.length);
      }
    } else if (!endTokens.contains(nextToken().token())) {
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
    if (constraint != null && scoring != null) {
      return advanceField(constraint, scoring);
    }
    SampledToken next = nextToken();
    if (parameters.logprobs()) {
      addLogprob(next.logprob());
    }
    sequence.append(next.token());
    if (endTokens.contains(next.token())) {
      return complete(constraint == null ? FinishReason.STOP : constraint.finishReason());
    }
    if (text.append(next.token())) {
      return complete(FinishReason.STOP);
    }
    return constraint == null ? completeAtMaxLength() : appendForced(constraint);
  }

  private @Nullable Completion advanceField(ConstrainedAnswer answer, FieldScoring field) {
    if (!field.isDecided()) {
      sequence.scoreTree(field.tokens());
      return null;
    }
    fieldProbabilities.put(field.pointer(), field.probability());
    scoring = null;
    sequence.generateOn();
    append(field.chosenTokens());
    return appendForced(answer);
  }

  private @Nullable Completion appendForced(ConstrainedAnswer answer) {
    append(answer.forced());
    if (answer.isComplete()) {
      return complete(answer.finishReason());
    }
    EnumeratedField field = answer.field();
    if (field != null) {
      ChoicePlan plan = Objects.requireNonNull(plans.find(field), "scorable");
      scoring = new FieldScoring(field, plan, parameters, sequence.outputLength());
      sequence.scoreTree(scoring.tokens());
      return null;
    }
    return completeAtMaxLength();
  }

  /** Appends tokens that were not sampled. */
  private void append(int[] tokens) {
    for (int token : tokens) {
      if (parameters.logprobs()) {
        addLogprob(Float.NaN);
      }
      sequence.append(token);
      text.append(token);
      forcedTokens++;
    }
  }

  private @Nullable Completion completeAtMaxLength() {
    if (sequence.knownLength() == sequence.maxLength()) {
      return complete(FinishReason.LENGTH);
    }
    return null;
  }

  private void addLogprob(float logprob) {
    int position = sequence.outputLength();
    if (position == logprobs.length) {
      logprobs = Arrays.copyOf(logprobs, Math.max(16, 2 * position));
    }
    logprobs[position] = logprob;
  }

  private Completion complete(FinishReason reason) {
    if (constraint != null) {
      constraint.constantFields().forEach(field -> fieldProbabilities.put(field, 1.0));
    }
    int reported = parameters.logprobs() ? sequence.outputLength() : 0;
    return Completion.generated(
        request,
        text.finish(),
        sequence.outputTokens(),
        Arrays.copyOf(logprobs, reported),
        Collections.unmodifiableMap(fieldProbabilities),
        reason,
        sequence.cachedTokens());
  }
}
