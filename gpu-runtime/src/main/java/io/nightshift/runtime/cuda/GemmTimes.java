package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.gemm.GemmLibrary;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.StepTimes;
import java.util.HashMap;
import java.util.Map;

/** Step times as the products of all layers took them when their algorithms were chosen. */
final class GemmTimes implements StepTimes {
  private final LayerGemms layerGemms;
  private final GemmLibrary products;
  private final DeviceWeights weights;
  private final Map<Integer, Double> known = new HashMap<>();

  GemmTimes(ModelConfig config, GemmLibrary products, DeviceWeights weights, StepArena arena) {
    layerGemms = new LayerGemms(config, arena);
    this.products = products;
    this.weights = weights;
  }

  @Override
  public double seconds(int tokens) {
    return known.computeIfAbsent(Gemm.roundRows(tokens), this::sum);
  }

  private double sum(int tokens) {
    double layer =
        layerGemms.ofLayer(weights.layers().get(0)).stream()
            .mapToDouble(product -> products.seconds(product.shape(tokens)))
            .sum();
    return weights.layers().size() * layer;
  }
}
