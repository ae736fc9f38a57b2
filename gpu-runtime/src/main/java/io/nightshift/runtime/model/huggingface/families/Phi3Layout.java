package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.weights.TensorSource;

/** Phi's tensors: queries, keys and values are one matrix, gate and up another. */
final class Phi3Layout extends PlainLayout {
  private final AttentionConfig attention;

  Phi3Layout(ModelConfig config) {
    super(config);
    attention = config.attention();
  }

  @Override
  public TensorSource source(TensorShape shape) {
    return LayerTensor.of(shape.name())
        .map(tensor -> inLayer(tensor, shape))
        .orElseGet(() -> super.source(shape));
  }

  private TensorSource inLayer(LayerTensor tensor, TensorShape shape) {
    int queries = attention.queryWidth();
    int keys = attention.keyWidth();
    String attentionRows = tensor.layer() + "self_attn.qkv_proj.weight";
    String mlpRows = tensor.layer() + "mlp.gate_up_proj.weight";
    return switch (tensor.part()) {
      case "self_attn.q_proj.weight" -> rowsOf(attentionRows, queries + 2 * keys, shape, 0);
      case "self_attn.k_proj.weight" -> rowsOf(attentionRows, queries + 2 * keys, shape, queries);
      case "self_attn.v_proj.weight" ->
          rowsOf(attentionRows, queries + 2 * keys, shape, queries + keys);
      case "mlp.gate_proj.weight" -> rowsOf(mlpRows, 2 * shape.rows(), shape, 0);
      case "mlp.up_proj.weight" -> rowsOf(mlpRows, 2 * shape.rows(), shape, shape.rows());
      default -> super.source(shape);
    };
  }
}
