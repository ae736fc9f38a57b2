package io.nightshift.runtime.model.gguf;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.weights.RowOrder;
import io.nightshift.runtime.model.weights.TensorSource;
import io.nightshift.runtime.model.weights.TensorTable;
import io.nightshift.runtime.model.weights.WholeTensor;
import java.util.Map;
import java.util.Set;

/**
 * Tensor names and row order of GGUF files.
 *
 * <p>The converter of the {@code llama} architecture interleaves the query and key rows of each
 * head for ggml's original rotary embedding. Other architectures have Hugging Face's order.
 */
final class GgufTensorLayout implements TensorTable.Layout {
  /** Divisors of the rotary frequencies; part of the configuration, not a weight. */
  static final String ROPE_FREQUENCY_FACTORS = "rope_freqs.weight";

  private static final Map<String, String> OUTER =
      Map.of(
          "model.embed_tokens.weight", "token_embd.weight",
          "model.norm.weight", "output_norm.weight",
          "lm_head.weight", "output.weight");
  private static final Map<String, String> IN_LAYER =
      Map.ofEntries(
          Map.entry("input_layernorm", "attn_norm"),
          Map.entry("self_attn.q_proj", "attn_q"),
          Map.entry("self_attn.k_proj", "attn_k"),
          Map.entry("self_attn.v_proj", "attn_v"),
          Map.entry("self_attn.o_proj", "attn_output"),
          Map.entry("self_attn.q_norm", "attn_q_norm"),
          Map.entry("self_attn.k_norm", "attn_k_norm"),
          Map.entry("post_attention_layernorm", "ffn_norm"),
          Map.entry("mlp.gate_proj", "ffn_gate"),
          Map.entry("mlp.up_proj", "ffn_up"),
          Map.entry("mlp.down_proj", "ffn_down"));
  private static final String LAYER_PREFIX = "model.layers.";
  private static final Set<String> INTERLEAVED = Set.of("self_attn.q_proj", "self_attn.k_proj");

  private final RowOrder queryAndKeyOrder;

  GgufTensorLayout(ModelConfig config) {
    this.queryAndKeyOrder =
        config.family() == ModelFamily.LLAMA
            ? RowOrder.interleavedPairs(config.attention().headSize())
            : RowOrder.AS_STORED;
  }

  @Override
  public TensorSource source(TensorShape shape) {
    return new WholeTensor(storedName(shape.name()), rowOrder(shape.name()));
  }

  private static String storedName(String huggingFaceName) {
    if (!huggingFaceName.startsWith(LAYER_PREFIX)) {
      return OUTER.getOrDefault(huggingFaceName, huggingFaceName);
    }
    String layer = layerOf(huggingFaceName);
    String part = partOf(huggingFaceName);
    return "blk."
        + layer
        + '.'
        + IN_LAYER.getOrDefault(part, part)
        + huggingFaceName.substring(huggingFaceName.lastIndexOf('.'));
  }

  private RowOrder rowOrder(String huggingFaceName) {
    return huggingFaceName.startsWith(LAYER_PREFIX) && INTERLEAVED.contains(partOf(huggingFaceName))
        ? queryAndKeyOrder
        : RowOrder.AS_STORED;
  }

  @Override
  public boolean ignorable(String storedName) {
    return storedName.equals(ROPE_FREQUENCY_FACTORS);
  }

  private static String layerOf(String huggingFaceName) {
    return huggingFaceName.substring(
        LAYER_PREFIX.length(), huggingFaceName.indexOf('.', LAYER_PREFIX.length()));
  }

  /** The part of a name between the layer's number and {@code .weight} or {@code .bias}. */
  private static String partOf(String huggingFaceName) {
    return huggingFaceName.substring(
        huggingFaceName.indexOf('.', LAYER_PREFIX.length()) + 1, huggingFaceName.lastIndexOf('.'));
  }
}
