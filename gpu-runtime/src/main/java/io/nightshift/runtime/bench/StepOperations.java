package io.nightshift.runtime.bench;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.PoolingRequest;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Counts the floating-point operations of steps, a multiplication and an addition as two: those of
 * the linear layers, and those of attention's two products (queries by keys, probabilities by
 * values), in which a token meets only what it attends to. The last layer's attention is that of
 * the tokens whose output is read, as in the runners. Token trees count as if their nodes followed
 * each other.
 */
final class StepOperations {
  private static final String LAYERS = "model.layers.";

  private final ModelConfig config;
  private final double linearWeights;
  private final Map<Integer, Long> layersByWindow;
  private final int lastWindow;
  private long attended;

  StepOperations(ModelConfig config) {
    this.config = config;
    int last = config.layerCount() - 1;
    layersByWindow =
        config.layers().subList(0, last).stream()
            .collect(Collectors.groupingBy(StepOperations::window, Collectors.counting()));
    lastWindow = window(config.layers().get(last));
    linearWeights =
        TensorShape.impliedBy(config)
            .filter(shape -> shape.name().startsWith(LAYERS) && shape.rows() > 1)
            .mapToDouble(this::usedWeights)
            .sum();
  }

  /** Weights of a matrix that a token is multiplied with: of experts, the share that it passes. */
  private double usedWeights(TensorShape matrix) {
    double weights = (double) matrix.rows() * matrix.columns();
    if (!matrix.name().contains(".experts.")) {
      return weights;
    }
    String layer = matrix.name().substring(LAYERS.length()).split("\\.", 2)[0];
    return config.layers().get(Integer.parseInt(layer)).feedForward() instanceof ExpertsConfig some
        ? weights * some.expertsPerToken() / some.experts()
        : weights;
  }

  /** Operations of the linear layers for {@code tokens} tokens. */
  double linear(long tokens) {
    return 2 * linearWeights * tokens;
  }

  /** Operations of attention in all steps that were added. */
  double attention() {
    AttentionConfig attention = config.attention();
    return 4.0 * attention.heads() * attention.headSize() * attended;
  }

  void add(StepBatch batch) {
    List<StepSequence> sequences = batch.sequences();
    int[] starts = new int[sequences.size()];
    int start = 0;
    for (int i = 0; i < starts.length; i++) {
      StepSequence sequence = sequences.get(i);
      starts[i] = start;
      start += sequence.tokens().length;
      int context = sequence.contextLength();
      layersByWindow.forEach(
          (window, layers) ->
              attended += layers * attended(context - sequence.tokens().length, context, window));
    }
    for (LogitsRequest request : batch.logits()) {
      addLastLayer(sequences, starts, request.token(), 1);
    }
    for (PoolingRequest request : batch.pooling()) {
      addLastLayer(sequences, starts, request.firstToken(), request.tokenCount());
    }
  }

  private void addLastLayer(List<StepSequence> sequences, int[] starts, int token, int count) {
    int found = Arrays.binarySearch(starts, token);
    int index = found < 0 ? -found - 2 : found;
    StepSequence sequence = sequences.get(index);
    int from = sequence.contextLength() - sequence.tokens().length + token - starts[index];
    attended += attended(from, from + count, lastWindow);
  }

  private static int window(LayerConfig layer) {
    return layer.slidingWindow() == 0 ? Integer.MAX_VALUE : layer.slidingWindow();
  }

  /** Tokens that those with the indexes {@code from} to {@code to} attend to, themselves too. */
  private static long attended(int from, int to, int window) {
    long whole = Math.max(0, Math.min(to, window) - from);
    long growing = whole * (2L * from + whole + 1) / 2;
    return growing + (to - from - whole) * window;
  }
}
