package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.weights.Mxfp4Rows;
import io.nightshift.runtime.model.weights.RowOrder;
import io.nightshift.runtime.model.weights.StackedColumns;
import io.nightshift.runtime.model.weights.StackedElements;
import io.nightshift.runtime.model.weights.TensorSource;
import java.util.List;
import java.util.Set;

/**
 * gpt-oss's tensors. Gate and up of all experts of a layer are one tensor, in which their rows (or,
 * as plain numbers, columns) alternate, gate first. The experts are in MXFP4, or as plain numbers
 * {@code [experts, in, out]}.
 */
final class GptOssLayout extends PlainLayout {
  private static final String EXPERTS = "mlp.experts.";

  private final long experts;
  private final boolean mxfp4;

  GptOssLayout(ModelConfig config, Set<String> stored) {
    super(config);
    experts = Experts.count(config);
    mxfp4 = stored.stream().anyMatch(name -> name.endsWith("gate_up_proj_blocks"));
  }

  @Override
  public TensorSource source(TensorShape shape) {
    return LayerTensor.of(shape.name())
        .map(tensor -> inLayer(tensor, shape))
        .orElseGet(() -> super.source(shape));
  }

  private TensorSource inLayer(LayerTensor tensor, TensorShape shape) {
    return switch (tensor.part()) {
      case "mlp.gate.weight" -> TensorSource.whole(tensor.layer() + "mlp.router.weight");
      case "mlp.gate.bias" -> TensorSource.whole(tensor.layer() + "mlp.router.bias");
      default ->
          ExpertTensor.of(tensor)
              .map(expert -> ofExpert(expert, shape))
              .orElseGet(() -> super.source(shape));
    };
  }

  private TensorSource ofExpert(ExpertTensor tensor, TensorShape shape) {
    String name = tensor.layer() + EXPERTS + (tensor.isDown() ? "down_proj" : "gate_up_proj");
    int step = tensor.isDown() ? 1 : 2;
    int first = tensor.isUp() ? 1 : 0;
    if (tensor.bias()) {
      return new StackedElements(
          name + "_bias",
          List.of(experts, (long) step * shape.columns()),
          tensor.expert(),
          RowOrder.strided(first, step));
    }
    long outputs = (long) step * shape.rows();
    return mxfp4
        ? new Mxfp4Rows(
            name, experts, outputs, RowOrder.strided(tensor.expert() * (int) outputs + first, step))
        : new StackedColumns(
            name,
            List.of(experts, (long) shape.columns(), outputs),
            tensor.expert(),
            RowOrder.strided(first, step));
  }
}
