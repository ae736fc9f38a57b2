package io.nightshift.runtime.runner;

import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.Tensor;
import java.util.HashMap;
import java.util.Map;

/**
 * The weights of a {@link ReferenceTransformer} and the operations that only need a tensor's name.
 * Activations are rows of one token each.
 */
final class ReferenceWeights {
  private final ModelFiles files;
  private final Map<String, double[][]> matrices = new HashMap<>();

  ReferenceWeights(ModelFiles files) {
    this.files = files;
  }

  double[][] matrix(String name) {
    return matrices.computeIfAbsent(name, this::read);
  }

  double[] vector(String name) {
    return matrix(name)[0];
  }

  /** Products with the matrix {@code name.weight}, and the sum with {@code name.bias}. */
  double[][] linear(double[][] input, String name, boolean bias) {
    double[][] weights = matrix(name + ".weight");
    double[][] result = new double[input.length][weights.length];
    for (int t = 0; t < input.length; t++) {
      for (int out = 0; out < weights.length; out++) {
        double sum = bias ? vector(name + ".bias")[out] : 0;
        for (int in = 0; in < input[t].length; in++) {
          sum += weights[out][in] * input[t][in];
        }
        result[t][out] = sum;
      }
    }
    return result;
  }

  /** The RMS norm with the weights {@code name.weight}, of each row by itself. */
  double[][] norm(double[][] rows, String name) {
    double[] weights = vector(name + ".weight");
    double[][] result = new double[rows.length][weights.length];
    for (int t = 0; t < rows.length; t++) {
      double squares = 0;
      for (double x : rows[t]) {
        squares += x * x;
      }
      double factor = 1 / Math.sqrt(squares / weights.length + files.config().normEpsilon());
      for (int i = 0; i < weights.length; i++) {
        result[t][i] = rows[t][i] * factor * weights[i];
      }
    }
    return result;
  }

  private double[][] read(String name) {
    Tensor tensor = files.tensor(name);
    double[][] result = new double[tensor.rows()][tensor.columns()];
    float[] row = new float[tensor.columns()];
    for (int r = 0; r < result.length; r++) {
      tensor.readRows(r, 1, row, 0);
      for (int i = 0; i < row.length; i++) {
        result[r][i] = row[i];
      }
    }
    return result;
  }
}
