package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.gemm.MatMul;
import io.nightshift.runtime.cuda.gemm.MatMulOperands;
import io.nightshift.runtime.cuda.weights.DeviceLinear;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.cuda.weights.LayerWeights;
import io.nightshift.runtime.model.ModelConfig;
import java.util.List;

/** A step's products, with what they read and write in the arena. */
final class LayerProducts {
  private final ModelDimensions dimensions;
  private final StepArena arena;

  LayerProducts(ModelConfig config, StepArena arena) {
    dimensions = new ModelDimensions(config);
    this.arena = arena;
  }

  /** A product of any number of rows. */
  record Product(DeviceLinear linear, long source, long target) {

    MatMul shape(int rows) {
      return new MatMul(MatMul.roundRows(rows), linear.inputs(), linear.outputs(), linear.type());
    }

    MatMulOperands operands() {
      return new MatMulOperands(linear.weights(), source, target);
    }
  }

  /** Those of a whole layer, in their order. */
  List<Product> ofLayer(LayerWeights layer) {
    long attention = arena.quantizedAttention != 0 ? arena.quantizedAttention : arena.attention;
    return List.of(
        new Product(layer.queryKeyValue(), arena.normed, arena.projection),
        new Product(layer.attentionOutput(), attention, arena.delta),
        new Product(layer.gateUp(), arena.normed, arena.gateUp),
        new Product(layer.down(), arena.activated, arena.delta));
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
