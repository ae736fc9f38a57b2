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

    MatMul shape(int rows) {
      int rounded = MatMul.roundRows(rows);
      return new MatMul(rounded, linear.inputs(), linear.outputs(), linear.type(), adds);
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
        toResidual(layer.attentionOutput(), attention),
        new Product(layer.gateUp(), arena.normed, arena.gateUp),
        toResidual(layer.down(), arena.activated));
  }

  private Product toResidual(DeviceLinear linear, long source) {
    return arena.delta == 0
        ? new Product(linear, source, arena.residual, true)
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
