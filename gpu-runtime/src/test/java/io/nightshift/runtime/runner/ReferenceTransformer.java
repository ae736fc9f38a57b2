package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.QueryKeyNorm;
import io.nightshift.runtime.model.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * The forward pass of a decoder-only transformer written to be read, not to be fast: one sequence,
 * no cache, all sums in double precision.
 */
final class ReferenceTransformer {
  private final ModelFiles files;
  private final ModelConfig config;
  private final Map<String, double[][]> matrices = new HashMap<>();

  ReferenceTransformer(ModelFiles files) {
    this.files = files;
    config = files.config();
  }

  /** Logits after each of {@code tokens}, which stand at positions 0 and up. */
  double[][] logits(int[] tokens) {
    String output = config.tiedEmbeddings() ? "model.embed_tokens" : "lm_head";
    return linear(hiddenStates(tokens), output, false);
  }

  /** Hidden states of each of {@code tokens} after the final norm. */
  double[][] hiddenStates(int[] tokens) {
    double[][] embedding = matrix("model.embed_tokens.weight");
    double[][] residual = new double[tokens.length][];
    for (int t = 0; t < tokens.length; t++) {
      residual[t] = embedding[tokens[t]].clone();
    }
    for (int layer = 0; layer < config.layerCount(); layer++) {
      String prefix = "model.layers." + layer + ".";
      add(residual, attention(prefix + "self_attn.", norm(residual, prefix + "input_layernorm")));
      add(
          residual,
          feedForward(prefix + "mlp.", norm(residual, prefix + "post_attention_layernorm")));
    }
    return norm(residual, "model.norm");
  }

  private double[][] attention(String prefix, double[][] input) {
    int heads = config.attention().heads();
    int group = config.attention().queriesPerKeyValueHead();
    int size = config.attention().headSize();
    boolean bias = config.attention().queryKeyValueBias();
    double[][] queries = linear(input, prefix + "q_proj", bias);
    double[][] keys = linear(input, prefix + "k_proj", bias);
    double[][] values = linear(input, prefix + "v_proj", bias);
    for (int t = 0; t < input.length; t++) {
      prepareHeads(queries[t], heads, prefix + "q_norm", t);
      prepareHeads(keys[t], config.attention().keyValueHeads(), prefix + "k_norm", t);
    }
    double[][] mixed = new double[input.length][heads * size];
    for (int t = 0; t < input.length; t++) {
      int first =
          config.layers().get(0).slidingWindow() > 0
              ? Math.max(0, t - config.layers().get(0).slidingWindow() + 1)
              : 0;
      for (int head = 0; head < heads; head++) {
        int shared = head / group * size;
        double[] weights = new double[t + 1];
        double sum = 0;
        double largest = Double.NEGATIVE_INFINITY;
        for (int s = first; s <= t; s++) {
          for (int i = 0; i < size; i++) {
            weights[s] += queries[t][head * size + i] * keys[s][shared + i];
          }
          weights[s] /= Math.sqrt(size);
          largest = Math.max(largest, weights[s]);
        }
        for (int s = first; s <= t; s++) {
          weights[s] = Math.exp(weights[s] - largest);
          sum += weights[s];
        }
        for (int s = first; s <= t; s++) {
          for (int i = 0; i < size; i++) {
            mixed[t][head * size + i] += weights[s] / sum * values[s][shared + i];
          }
        }
      }
    }
    return linear(mixed, prefix + "o_proj", config.attention().outputBias());
  }

  private void prepareHeads(double[] row, int heads, String norm, int position) {
    int size = config.attention().headSize();
    float[] frequencies = config.layers().get(0).rope().orElseThrow().inverseFrequencies();
    for (int head = 0; head < heads; head++) {
      double[] x = new double[size];
      System.arraycopy(row, head * size, x, 0, size);
      if (config.attention().queryKeyNorm() != QueryKeyNorm.NONE) {
        x = norm(new double[][] {x}, norm)[0];
      }
      for (int i = 0; i < size / 2; i++) {
        float angle = position * frequencies[i];
        double cosine = Math.cos(angle);
        double sine = Math.sin(angle);
        row[head * size + i] = x[i] * cosine - x[i + size / 2] * sine;
        row[head * size + i + size / 2] = x[i + size / 2] * cosine + x[i] * sine;
      }
    }
  }

  private double[][] feedForward(String prefix, double[][] input) {
    double[][] gate = linear(input, prefix + "gate_proj", false);
    double[][] up = linear(input, prefix + "up_proj", false);
    for (int t = 0; t < input.length; t++) {
      for (int i = 0; i < gate[t].length; i++) {
        gate[t][i] *= up[t][i] / (1 + Math.exp(-gate[t][i]));
      }
    }
    return linear(gate, prefix + "down_proj", false);
  }

  private double[][] norm(double[][] rows, String name) {
    double[] weights = matrix(name + ".weight")[0];
    double[][] result = new double[rows.length][weights.length];
    for (int t = 0; t < rows.length; t++) {
      double squares = 0;
      for (double x : rows[t]) {
        squares += x * x;
      }
      double factor = 1 / Math.sqrt(squares / weights.length + config.normEpsilon());
      for (int i = 0; i < weights.length; i++) {
        result[t][i] = rows[t][i] * factor * weights[i];
      }
    }
    return result;
  }

  private double[][] linear(double[][] input, String name, boolean bias) {
    double[][] weights = matrix(name + ".weight");
    double[][] result = new double[input.length][weights.length];
    for (int t = 0; t < input.length; t++) {
      for (int out = 0; out < weights.length; out++) {
        double sum = bias ? matrix(name + ".bias")[0][out] : 0;
        for (int in = 0; in < input[t].length; in++) {
          sum += weights[out][in] * input[t][in];
        }
        result[t][out] = sum;
      }
    }
    return result;
  }

  private static void add(double[][] target, double[][] rows) {
    for (int t = 0; t < target.length; t++) {
      for (int i = 0; i < target[t].length; i++) {
        target[t][i] += rows[t][i];
      }
    }
  }

  private double[][] matrix(String name) {
    return matrices.computeIfAbsent(
        name,
        key -> {
          Tensor tensor = files.tensor(key);
          double[][] result = new double[tensor.rows()][tensor.columns()];
          float[] row = new float[tensor.columns()];
          for (int r = 0; r < result.length; r++) {
            tensor.readRows(r, 1, row, 0);
            for (int i = 0; i < row.length; i++) {
              result[r][i] = row[i];
            }
          }
          return result;
        });
  }
}
