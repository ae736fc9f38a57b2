package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.NormPlacement;
import io.nightshift.runtime.runner.ReferenceFeedForward.Routing;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The forward pass of a decoder-only transformer written to be read, not to be fast: one sequence,
 * no cache, all sums in double precision.
 */
final class ReferenceTransformer {
  private final ModelConfig config;
  private final ReferenceWeights weights;

  ReferenceTransformer(ModelFiles files) {
    config = files.config();
    weights = new ReferenceWeights(files);
  }

  /**
   * What comes out of the layers.
   *
   * @param hiddenStates a row for each token, after the final norm
   * @param routing of the tokens, by the index of the layer, for layers with experts
   */
  record Output(double[][] hiddenStates, Map<Integer, Routing> routing) {}

  /** Logits after each of {@code tokens}, which stand at positions 0 and up. */
  double[][] logits(int[] tokens) {
    return logits(tokens, tokens.length);
  }

  /**
   * Logits after each of {@code tokens}.
   *
   * @param totalLength number of tokens that the sequence will have at its end, which is what
   *     rotary embeddings with a long context ask for
   */
  double[][] logits(int[] tokens, int totalLength) {
    String output = config.tiedEmbeddings() ? "model.embed_tokens" : "lm_head";
    double[][] logits = weights.linear(run(tokens, totalLength).hiddenStates(), output, false);
    for (double[] row : logits) {
      for (int i = 0; i < row.length; i++) {
        row[i] =
            ReferenceAttention.capped(
                row[i] * config.multipliers().logits(), config.multipliers().logitSoftCap());
      }
    }
    return logits;
  }

  /** Hidden states of each of {@code tokens} after the final norm. */
  double[][] hiddenStates(int[] tokens) {
    return run(tokens, tokens.length).hiddenStates();
  }

  /** The layers and the final norm. */
  Output run(int[] tokens, int totalLength) {
    double[][] embedding = weights.matrix("model.embed_tokens.weight");
    double[][] residual = new double[tokens.length][config.hiddenSize()];
    for (int t = 0; t < tokens.length; t++) {
      add(residual[t], embedding[tokens[t]], config.multipliers().embedding());
    }
    Map<Integer, Routing> routing = new TreeMap<>();
    NormPlacement norms = config.normPlacement();
    for (int i = 0; i < config.layerCount(); i++) {
      LayerConfig layer = config.layers().get(i);
      String prefix = "model.layers." + i + ".";
      ReferenceAttention attention =
          new ReferenceAttention(weights, config.attention(), layer, prefix + "self_attn.");
      double[][] input = norm(residual, prefix, norms.attentionInput());
      double[][] output = attention.of(input, totalLength);
      add(residual, norm(output, prefix, norms.attentionOutput()));

      ReferenceFeedForward feedForward = new ReferenceFeedForward(weights, prefix + "mlp.");
      input = norm(residual, prefix, norms.feedForwardInput());
      output = feedForward.of(input, layer.feedForward());
      add(residual, norm(output, prefix, norms.feedForwardOutput()));
      if (layer.feedForward() instanceof ExpertsConfig experts) {
        routing.put(i, feedForward.routing(input, experts));
      }
    }
    return new Output(weights.norm(residual, "model.norm"), routing);
  }

  private double[][] norm(double[][] rows, String prefix, Optional<String> name) {
    return name.map(norm -> weights.norm(rows, prefix + norm)).orElse(rows);
  }

  /** Adds the output of a part of a layer to the residual stream. */
  private void add(double[][] residual, double[][] output) {
    for (int t = 0; t < residual.length; t++) {
      add(residual[t], output[t], config.multipliers().residual());
    }
  }

  private static void add(double[] target, double[] row, double factor) {
    for (int i = 0; i < target.length; i++) {
      target[i] += factor * row[i];
    }
  }
}
