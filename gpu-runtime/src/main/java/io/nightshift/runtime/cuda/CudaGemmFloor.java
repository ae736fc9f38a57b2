package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.LayerGemms.Product;
import io.nightshift.runtime.cuda.device.CudaEvent;
import io.nightshift.runtime.cuda.device.CudaGraph;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.gemm.GemmLibrary;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.cuda.weights.LayerWeights;
import io.nightshift.runtime.runner.GemmFloor;

/**
 * Times the products of all layers, one after the other in a CUDA graph that is replayed: a
 * sustained rate, at the clocks that products leave the chip, with weights that come from memory.
 * Inputs are what the last step left in the arena, since products of zeros run faster. None is
 * added to the residual stream: what that costs more is not the product's.
 */
final class CudaGemmFloor implements GemmFloor {
  private static final double MIN_SECONDS = 0.1;
  private static final int MIN_REPLAYS = 3;

  private final CudaStream stream;
  private final GemmLibrary products;
  private final DeviceWeights weights;
  private final LayerGemms layerGemms;

  CudaGemmFloor(
      CudaStream stream, GemmLibrary products, DeviceWeights weights, LayerGemms layerGemms) {
    this.stream = stream;
    this.products = products;
    this.weights = weights;
    this.layerGemms = layerGemms;
  }

  @Override
  public double seconds(int tokens) {
    try (CudaGraph graph =
            stream.capture(() -> weights.layers().forEach(layer -> multiply(layer, tokens)));
        CudaEvent start = new CudaEvent(stream.device());
        CudaEvent end = new CudaEvent(stream.device())) {
      double best = Double.POSITIVE_INFINITY;
      double total = 0;
      for (int replay = 0; replay < MIN_REPLAYS || total < MIN_SECONDS; replay++) {
        start.record(stream);
        graph.launch(stream);
        end.record(stream);
        end.synchronize();
        double seconds = end.secondsSince(start);
        best = Math.min(best, seconds);
        total += seconds;
      }
      return best;
    }
  }

  private void multiply(LayerWeights layer, int tokens) {
    for (Product product : layerGemms.ofLayer(layer)) {
      product.alone().run(products, stream, tokens);
    }
  }
}
