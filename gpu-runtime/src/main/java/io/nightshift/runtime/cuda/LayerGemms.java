package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.gemm.GemmLibrary;
import io.nightshift.runtime.cuda.gemm.GemmOperands;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.cuda.weights.LayerWeights;
import io.nightshift.runtime.model.ModelConfig;
import java.util.List;

/** A step's products, with what they read and write in the arena. */
final class LayerGemms {
  private final ModelDimensions dimensions;
  private final StepArena arena;

  LayerGemms(ModelConfig config, StepArena arena) {
    dimensions = new ModelDimensions(config);
    this.arena = arena;
  }

  /**
   * A product of any number of rows.
   *
   * @param adds whether it is added to what the target holds
   */
  record Product(DeviceLinear linear, long source, long target, boolean adds) {

    Product(DeviceLinear linear, long source, long target) {
      this(linear, source, target, false);
    }

    /** The same, written over what the target holds. */
    Product alone() {
      return new Product(linear, source, target);
    }

    Gemm shape(int rows) {
      Gemm shape = new Gemm(Gemm.roundRows(rows), linear.inputs(), linear.outputs(), linear.type());
      return adds ? shape.adding() : shape;
    }

    GemmOperands operands() {
      return new GemmOperands(linear.weights(), source, target);
    }

    /** Puts the product into the stream; its shape must be prepared. */
    void run(GemmLibrary products, CudaStream stream, int rows) {
      products.multiply(stream, shape(rows), operands());
    }
  }

  /** Those of a whole layer, in their order. */
  List<Product> ofLayer(LayerWeights layer) {
    long attention = arena.quantizedAttention != 0 ? arena.quantizedAttention : arena.attention;
    return List.of(
        new Product(layer.queryKeyValue(), arena.normed, arena.projection),
        toResidual(layer.attentionOutput(), attention, arena.residual),
        new Product(layer.gateUp(), arena.normed, arena.gateUp),
        toResidual(layer.down(), arena.activated, arena.residual));
  }

  /**
   * A product for a residual stream. 8-bit sums must be scaled first, so they go to the arena's
   * delta for the next norm to add; others the product adds itself.
   */
  Product toResidual(DeviceLinear linear, long source, long residual) {
    return arena.delta == 0
        ? new Product(linear, source, residual, true)
        : new Product(linear, source, arena.delta);
  }

  /** What the last layer has in place of the first of {@link #ofLayer}. */
  List<Product> ofLastLayer(LayerWeights layer) {
    DeviceLinear all = layer.queryKeyValue();
    int queries = dimensions.queries();
    return List.of(
        new Product(
            all.outputs(queries, dimensions.keysAndValues()), arena.normed, arena.projection),
        new Product(all.outputs(0, queries), arena.normed, arena.projection));
  }

  Product ofLogits(DeviceWeights weights) {
    return new Product(weights.outputProjection(), arena.normed, arena.logits);
  }
}
