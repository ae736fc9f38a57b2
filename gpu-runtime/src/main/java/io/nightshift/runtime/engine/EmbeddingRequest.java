package io.nightshift.runtime.engine;

import io.nightshift.runtime.engine.EmbeddingParameters.Pooling;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.PoolingRequest;
import io.nightshift.runtime.sampling.LogitsException;
import io.nightshift.runtime.sampling.LogitsWorkspace;
import io.nightshift.runtime.scheduler.ScheduledSequence;
import io.nightshift.runtime.scheduler.Sequence;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A request that is answered with hidden states of its prompt. Sums over the parts of a prompt that
 * several steps compute are added here. After a preemption, parts that were summed before are
 * computed again, but not summed again.
 */
final class EmbeddingRequest extends ActiveRequest {
  /** The least norm that a vector is divided by, as in PyTorch's {@code normalize}. */
  private static final double MIN_NORM = 1e-12;

  private final EmbeddingParameters parameters;
  private final double[] sum;
  private final float[] partSum;

  /** Number of tokens whose hidden states were requested so far. */
  private int pooledTokens;

  /**
   * @param longContext whether the prompt is a long sequence
   * @throws IllegalArgumentException if the embedding has more elements than a hidden state
   */
  EmbeddingRequest(
      Request request, EmbeddingParameters parameters, int hiddenSize, boolean longContext) {
    super(
        request,
        Sequence.pooling(
            request.promptTokens(), parameters.pooling() == Pooling.MEAN, longContext));
    if (parameters.size(hiddenSize) > hiddenSize) {
      throw new IllegalArgumentException(
          "an embedding of %s dimensions, but the model's hidden states have %s"
              .formatted(parameters.size(hiddenSize), hiddenSize));
    }
    this.parameters = parameters;
    sum = new double[hiddenSize];
    partSum = new float[hiddenSize];
  }

  @Override
  List<LogitsRequest> logitsRequests(int lastToken) {
    return List.of();
  }

  @Override
  void useLogits(int index, Logits logits, int row, LogitsWorkspace workspace) {
    throw new IllegalStateException("an embedding asks for no logits");
  }

  @Override
  @Nullable PoolingRequest poolingRequest(ScheduledSequence part, int firstToken) {
    int end = part.start() + part.ordinaryTokens();
    int from =
        parameters.pooling() == Pooling.LAST
            ? sequence.promptLength() - 1
            : Math.max(part.start(), pooledTokens);
    if (from >= end) {
      return null;
    }
    pooledTokens = end;
    return new PoolingRequest(firstToken + from - part.start(), end - from);
  }

  @Override
  void usePooled(Logits results, int index) {
    results.readPooled(index, partSum);
    for (int i = 0; i < sum.length; i++) {
      if (!Float.isFinite(partSum[i])) {
        throw new LogitsException("a hidden state has the element " + partSum[i]);
      }
      sum[i] += partSum[i];
    }
  }

  @Override
  void continueInFlight(int row) {
    // Nothing follows a prompt.
  }

  @Override
  Completion advance() {
    return Completion.embedded(request, embedding(), sequence.cachedTokens());
  }

  private float[] embedding() {
    double[] values = Arrays.copyOf(sum, parameters.size(sum.length));
    int count = parameters.pooling() == Pooling.MEAN ? sequence.promptLength() : 1;
    double squares = 0;
    for (int i = 0; i < values.length; i++) {
      values[i] /= count;
      squares += values[i] * values[i];
    }
    double norm = parameters.normalize() ? Math.max(MIN_NORM, Math.sqrt(squares)) : 1;
    float[] embedding = new float[values.length];
    for (int i = 0; i < values.length; i++) {
      embedding[i] = (float) (values[i] / norm);
    }
    return embedding;
  }
}
