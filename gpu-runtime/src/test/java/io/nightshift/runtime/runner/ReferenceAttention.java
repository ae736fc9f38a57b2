package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.RopeConfig;

/** Attention of one layer over one sequence. */
final class ReferenceAttention {
  private final ReferenceWeights weights;
  private final AttentionConfig attention;
  private final LayerConfig layer;
  private final String prefix;

  /**
   * @param prefix of the names of the layer's tensors, up to {@code self_attn.}
   */
  ReferenceAttention(
      ReferenceWeights weights, AttentionConfig attention, LayerConfig layer, String prefix) {
    this.weights = weights;
    this.attention = attention;
    this.layer = layer;
    this.prefix = prefix;
  }

  /**
   * @param input of the sequence's tokens, one row each
   * @param totalLength number of tokens that the sequence will have at its end
   */
  double[][] of(double[][] input, int totalLength) {
    boolean bias = attention.queryKeyValueBias();
    double[][] queries = normalized(weights.linear(input, prefix + "q_proj", bias), "q_norm");
    double[][] keys = normalized(weights.linear(input, prefix + "k_proj", bias), "k_norm");
    double[][] values = weights.linear(input, prefix + "v_proj", bias);
    layer.rope().ifPresent(rope -> rotate(queries, rope, totalLength));
    layer.rope().ifPresent(rope -> rotate(keys, rope, totalLength));
    double[][] mixed = new double[input.length][attention.queryWidth()];
    for (int t = 0; t < input.length; t++) {
      for (int head = 0; head < attention.heads(); head++) {
        mix(queries[t], keys, values, t, head, mixed[t]);
      }
    }
    return weights.linear(mixed, prefix + "o_proj", attention.outputBias());
  }

  /** The values that a head sees from position {@code t}, weighted by the softmax of its scores. */
  private void mix(
      double[] queries, double[][] keys, double[][] values, int t, int head, double[] target) {
    int size = attention.headSize();
    int from = head * size;
    int shared = head / attention.queriesPerKeyValueHead() * size;
    int first = layer.slidingWindow() > 0 ? Math.max(0, t - layer.slidingWindow() + 1) : 0;
    double sink =
        attention.sinks() ? weights.vector(prefix + "sinks")[head] : Double.NEGATIVE_INFINITY;
    double[] scores = new double[t + 1];
    double largest = sink;
    for (int s = first; s <= t; s++) {
      double product = 0;
      for (int i = 0; i < size; i++) {
        product += queries[from + i] * keys[s][shared + i];
      }
      scores[s] = capped(product * attention.scale(), attention.softCap());
      largest = Math.max(largest, scores[s]);
    }
    double sum = Math.exp(sink - largest);
    for (int s = first; s <= t; s++) {
      sum += Math.exp(scores[s] - largest);
    }
    for (int s = first; s <= t; s++) {
      for (int i = 0; i < size; i++) {
        target[from + i] += Math.exp(scores[s] - largest) / sum * values[s][shared + i];
      }
    }
  }

  static double capped(double score, double cap) {
    return cap == 0 ? score : cap * Math.tanh(score / cap);
  }

  private double[][] normalized(double[][] rows, String norm) {
    return switch (attention.queryKeyNorm()) {
      case NONE -> rows;
      case ALL_HEADS -> weights.norm(rows, prefix + norm);
      case EACH_HEAD -> {
        double[][] result = new double[rows.length][];
        for (int t = 0; t < rows.length; t++) {
          result[t] = joined(weights.norm(heads(rows[t]), prefix + norm));
        }
        yield result;
      }
    };
  }

  private double[][] heads(double[] row) {
    int size = attention.headSize();
    double[][] heads = new double[row.length / size][size];
    for (int i = 0; i < row.length; i++) {
      heads[i / size][i % size] = row[i];
    }
    return heads;
  }

  private static double[] joined(double[][] heads) {
    int size = heads[0].length;
    double[] row = new double[heads.length * size];
    for (int i = 0; i < row.length; i++) {
      row[i] = heads[i / size][i % size];
    }
    return row;
  }

  private void rotate(double[][] rows, RopeConfig rope, int totalLength) {
    boolean isLong =
        rope.longContext().filter(c -> totalLength > c.originalPositions()).isPresent();
    float[] frequencies = isLong ? rope.longInverseFrequencies() : rope.inverseFrequencies();
    int pairs = rope.dimensions() / 2;
    for (int position = 0; position < rows.length; position++) {
      double[] row = rows[position];
      for (int head = 0; head < row.length; head += attention.headSize()) {
        for (int i = 0; i < pairs; i++) {
          float angle = position * frequencies[i];
          double cosine = Math.cos(angle) * rope.attentionFactor();
          double sine = Math.sin(angle) * rope.attentionFactor();
          double x = row[head + i];
          double y = row[head + i + pairs];
          row[head + i] = x * cosine - y * sine;
          row[head + i + pairs] = y * cosine + x * sine;
        }
      }
    }
  }
}
