package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.Activation;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** The feed-forward network of one layer: a gated MLP, or a mixture of experts. */
final class ReferenceFeedForward {
  private static final double GELU_FACTOR = Math.sqrt(2 / Math.PI);
  private static final double CLAMP = 7;

  private final ReferenceWeights weights;
  private final String prefix;

  /**
   * @param prefix of the names of the layer's tensors, up to {@code mlp.}
   */
  ReferenceFeedForward(ReferenceWeights weights, String prefix) {
    this.weights = weights;
    this.prefix = prefix;
  }

  /**
   * Which experts the tokens pass.
   *
   * @param experts of each token, that of the largest score first
   * @param gaps by how much the largest score of the other experts is below the chosen ones'
   */
  record Routing(int[][] experts, double[] gaps) {}

  double[][] of(double[][] input, FeedForwardConfig config) {
    return config instanceof ExpertsConfig experts
        ? experts(input, experts)
        : mlp(input, prefix, config.activation(), false);
  }

  Routing routing(double[][] input, ExpertsConfig config) {
    double[][] scores = scores(input, config);
    double[] gaps = new double[input.length];
    int[][] experts = new int[input.length][];
    int count = config.expertsPerToken();
    for (int t = 0; t < input.length; t++) {
      int[] order = byScore(scores[t]);
      experts[t] = Arrays.copyOf(order, count);
      gaps[t] =
          count < order.length
              ? scores[t][order[count - 1]] - scores[t][order[count]]
              : Double.POSITIVE_INFINITY;
    }
    return new Routing(experts, gaps);
  }

  private double[][] experts(double[][] input, ExpertsConfig config) {
    double[][] scores = scores(input, config);
    double[][] result = new double[input.length][input[0].length];
    for (int t = 0; t < input.length; t++) {
      int[] order = byScore(scores[t]);
      int[] chosen = Arrays.copyOf(order, config.expertsPerToken());
      double[] row = scores[t];
      double sum =
          Arrays.stream(config.normalized() ? chosen : order)
              .mapToDouble(expert -> Math.exp(row[expert]))
              .sum();
      for (int expert : chosen) {
        double[][] output =
            mlp(
                new double[][] {input[t]},
                prefix + "experts." + expert + ".",
                config.activation(),
                config.bias());
        for (int i = 0; i < result[t].length; i++) {
          result[t][i] += Math.exp(row[expert]) / sum * output[0][i];
        }
      }
    }
    return result;
  }

  private double[][] scores(double[][] input, ExpertsConfig config) {
    return weights.linear(input, prefix + "gate", config.bias());
  }

  private static int[] byScore(double[] scores) {
    return IntStream.range(0, scores.length)
        .boxed()
        .sorted(Comparator.comparingDouble(expert -> -scores[expert]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  private double[][] mlp(double[][] input, String name, Activation activation, boolean bias) {
    double[][] gate = weights.linear(input, name + "gate_proj", bias);
    double[][] up = weights.linear(input, name + "up_proj", bias);
    for (int t = 0; t < input.length; t++) {
      for (int i = 0; i < gate[t].length; i++) {
        gate[t][i] = activated(gate[t][i], up[t][i], activation);
      }
    }
    return weights.linear(gate, name + "down_proj", bias);
  }

  private static double activated(double gate, double up, Activation activation) {
    return switch (activation) {
      case SILU -> gate * sigmoid(gate) * up;
      case GELU_TANH ->
          gate / 2 * (1 + Math.tanh(GELU_FACTOR * (gate + 0.044715 * gate * gate * gate))) * up;
      case CLAMPED_SWIGLU -> {
        double clamped = Math.min(gate, CLAMP);
        yield clamped * sigmoid(1.702 * clamped) * (Math.max(-CLAMP, Math.min(up, CLAMP)) + 1);
      }
    };
  }

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
