package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.gemm.MatMul;
import io.nightshift.runtime.cuda.gemm.MatMulLibrary;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.StepTimes;
import java.util.HashMap;
import java.util.Map;

/** Step times as the products of all layers took them when their algorithms were chosen. */
final class ProductTimes implements StepTimes {
  private final LayerProducts layerProducts;
  private final MatMulLibrary products;
  private final DeviceWeights weights;
  private final Map<Integer, Double> known = new HashMap<>();

  ProductTimes(ModelConfig config, MatMulLibrary products, DeviceWeights weights, StepArena arena) {
    layerProducts = new LayerProducts(config, arena);
    this.products = products;
    this.weights = weights;
  }

  @Override
  public double seconds(int tokens) {
    return known.computeIfAbsent(MatMul.roundRows(tokens), this::sum);
  }

  private double sum(int tokens) {
    double layer =
        layerProducts.ofLayer(weights.layers().get(0)).stream()
            .mapToDouble(product -> products.seconds(product.shape(tokens)))
            .sum();
    return weights.layers().size() * layer;
  }
}
