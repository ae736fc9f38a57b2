package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.weights.TensorSource;
import java.util.Map;

/** Mixtral's names of experts: {@code w1} is gate, {@code w3} up and {@code w2} down. */
final class MixtralLayout extends PlainLayout {
  private static final Map<String, String> PROJECTIONS =
      Map.of("gate_proj", "w1", "up_proj", "w3", "down_proj", "w2");

  MixtralLayout(ModelConfig config) {
    super(config);
  }

  @Override
  public TensorSource source(TensorShape shape) {
    return LayerTensor.of(shape.name())
        .map(tensor -> inLayer(tensor, shape))
        .orElseGet(() -> super.source(shape));
  }

  private TensorSource inLayer(LayerTensor tensor, TensorShape shape) {
    if (tensor.part().equals("mlp.gate.weight")) {
      return TensorSource.whole(tensor.layer() + "block_sparse_moe.gate.weight");
    }
    return ExpertTensor.of(tensor)
        .map(
            expert ->
                TensorSource.whole(
                    "%sblock_sparse_moe.experts.%s.%s.weight"
                        .formatted(
                            expert.layer(), expert.expert(), PROJECTIONS.get(expert.projection()))))
        .orElseGet(() -> super.source(shape));
  }
}
