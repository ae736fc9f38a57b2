package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.weights.TensorSource;

/** Granite 4's tensors: the MLP is called shared, and its gate and up are one matrix. */
final class Granite4Layout extends PlainLayout {

  Granite4Layout(ModelConfig config) {
    super(config);
  }

  @Override
  public TensorSource source(TensorShape shape) {
    return LayerTensor.of(shape.name())
        .map(tensor -> inLayer(tensor, shape))
        .orElseGet(() -> super.source(shape));
  }

  private TensorSource inLayer(LayerTensor tensor, TensorShape shape) {
    String input = tensor.layer() + "shared_mlp.input_linear.weight";
    return switch (tensor.part()) {
      case "mlp.gate_proj.weight" -> rowsOf(input, 2 * shape.rows(), shape, 0);
      case "mlp.up_proj.weight" -> rowsOf(input, 2 * shape.rows(), shape, shape.rows());
      case "mlp.down_proj.weight" ->
          TensorSource.whole(tensor.layer() + "shared_mlp.output_linear.weight");
      default -> super.source(shape);
    };
  }
}
