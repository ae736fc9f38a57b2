package io.nightshift.runtime.engine;

import io.nightshift.runtime.constraint.Constraint;
import io.nightshift.runtime.constraint.TokenMatcher.EnumeratedField;
import io.nightshift.runtime.engine.ReasoningParser.Part;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.StepInputs;
import io.nightshift.runtime.runner.TokenSampling;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.sampling.SampledToken;
import io.nightshift.runtime.sampling.SamplingParameters;
import io.nightshift.runtime.scheduler.Sequence;
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
  private final ReasoningParser text;
  private final OutputLogprobs logprobs;
  private final @Nullable ConstrainedAnswer constraint;
  private final @Nullable ConstrainedParts parts;
  private final FieldPlans fieldPlans;
  private final Map<String, Double> fieldProbabilities = new LinkedHashMap<>();
  private @Nullable FieldScoring scoring;
  private @Nullable SampledToken sampled;
  private int forcedTokens;

  /**
   * @param endTokens end-of-sequence tokens of the model
   * @param maxContext maximum number of tokens of prompt and answer together
   * @param longContext whether the answer may become a long sequence
   * @param forcesTokens whether tokens without alternative are appended without sampling. Not done
   *     if log probabilities are wanted: those of all tokens need the logits before each
   * @param fieldPlans how enumerated fields are scored
   * @param reasoningMasks what may be sampled before a constrained answer
   */
  GeneratingRequest(
      Request request,
      Set<Integer> endTokens,
      int maxContext,
      boolean longContext,
      int vocabularySize,
      Detokenizer detokenizer,
      boolean forcesTokens,
      FieldPlans fieldPlans,
      ReasoningMasks reasoningMasks) {
    super(
        request,
        Sequence.generating(
            request.promptTokens(),
            maxLength(request, maxContext),
            inputs(request, vocabularySize),
            longContext));
    this.parameters = request.sampling();
    this.fieldPlans = fieldPlans;
    this.endTokens = parameters.ignoreEndOfSequence() ? Set.of() : endTokens;
    this.text =
        ReasoningParser.of(
            detokenizer,
            request.reasoning(),
            request.promptTokens(),
            parameters.stop(),
            request.constraint().isPresent());
    this.logprobs =
        new OutputLogprobs(
            parameters.logprobs(), Math.min(parameters.topLogprobs(), vocabularySize));
    Constraint given = request.constraint().orElse(null);
    if (given == null) {
      constraint = null;
      parts = null;
    } else {
      constraint =
          new ConstrainedAnswer(
              given.matcher(), forcesTokens && !parameters.logprobs(), fieldPlans);
      parts = new ConstrainedParts(text, constraint, given.shortestTokens(), reasoningMasks);
    }
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
    if (constraint == null || parts == null) {
      return null;
    }
    if (!parts.mayBegin()) {
      return Completion.failed(
          request,
          sequence.cachedTokens(),
          RequestError.REASONING_NOT_BEGUN,
          "the prompt does not end with the mark that begins the reasoning, and that mark is not a token of the model, as it must be before an answer under a constraint; end the prompt with the mark, or use one that is a token");
    }
    parts.findNext(remaining());
    return continueConstrained(constraint, parts);
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
    if (constraint == null || parts == null || hasFailed()) {
      return;
    }
    if (scoring != null) {
      scoring.advance();
      if (scoring.isDecided()) {
        int[] value = scoring.chosenTokens();
        constraint.write(value, remaining() - value.length);
      }
    } else if (!endTokens.contains(nextToken().token())) {
      parts.accept(nextToken().token(), remaining() - 1);
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
    if (constraint != null && parts != null && scoring != null) {
      return advanceField(constraint, parts, scoring);
    }
    SampledToken next = nextToken();
    logprobs.add(next);
    sequence.append(next.token());
    if (endTokens.contains(next.token())) {
      return complete(parts == null ? FinishReason.STOP : parts.finishReason());
    }
    if (constraint != null && parts != null) {
      return continueConstrained(constraint, parts);
    }
    if (text.append(next.token())) {
      return complete(FinishReason.STOP);
    }
    if (text.isAtLimit()) {
      endReasoning();
    }
    return completeAtMaxLength();
  }

  private @Nullable Completion continueConstrained(ConstrainedAnswer answer, ConstrainedParts all) {
    if (all.mustEndReasoning(remaining())) {
      endReasoning();
    }
    return appendForced(answer, all);
  }

  private @Nullable Completion advanceField(
      ConstrainedAnswer answer, ConstrainedParts all, FieldScoring field) {
    if (!field.isDecided()) {
      sequence.scoreTree(field.tokens());
      return null;
    }
    fieldProbabilities.put(field.pointer(), field.probability());
    scoring = null;
    sequence.generateOn();
    appendForced(field.chosenTokens());
    return appendForced(answer, all);
  }

  private @Nullable Completion appendForced(ConstrainedAnswer answer, ConstrainedParts all) {
    appendForced(answer.forced());
    if (answer.isComplete()) {
      return complete(all.finishReason());
    }
    EnumeratedField field = answer.field();
    if (field == null) {
      return completeAtMaxLength();
    }
    ChoicePlan plan = Objects.requireNonNull(fieldPlans.find(field), "a field that can be scored");
    scoring = new FieldScoring(field, plan, parameters, sequence.outputLength());
    sequence.scoreTree(scoring.tokens());
    return null;
  }

  private void appendForced(int[] tokens) {
    for (int token : tokens) {
      appendForced(token);
    }
  }

  /** Appends the mark that ends the reasoning, without sampling it. */
  private void endReasoning() {
    for (int token : text.endMark()) {
      if (text.part() == Part.REASONING && remaining() > 0) {
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
    return remaining() == 0 ? complete(FinishReason.LENGTH) : null;
  }

  /** Maximum number of tokens that may follow those that are known. */
  private int remaining() {
    return sequence.maxLength() - sequence.knownLength();
  }

  private Completion complete(FinishReason reason) {
    if (constraint != null) {
      constraint.constantFields().forEach(field -> fieldProbabilities.put(field, 1.0));
    }
    return Completion.generated(
        request,
        text.finishAnswer(),
        text.finishReasoning(),
        sequence.outputTokens(),
        logprobs,
        Collections.unmodifiableMap(fieldProbabilities),
        reason,
        sequence.cachedTokens());
  }
}
