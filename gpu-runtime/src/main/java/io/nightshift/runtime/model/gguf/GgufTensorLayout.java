package io.nightshift.runtime.model.gguf;

import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.NormPlacement;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.weights.RowOrder;
import io.nightshift.runtime.model.weights.StackedElements;
import io.nightshift.runtime.model.weights.StackedRows;
import io.nightshift.runtime.model.weights.TensorSource;
import io.nightshift.runtime.model.weights.TensorTable;
import io.nightshift.runtime.model.weights.WholeTensor;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Tensor names, row order and stacked tensors of GGUF files.
 *
 * <p>The converter of some architectures interleaves the query and key rows of each head for ggml's
 * original rotary embedding. Others have Hugging Face's order. Norm weights are plain factors in
 * all of them.
 */
final class GgufTensorLayout implements TensorTable.Layout {
  /** Divisors of the rotary frequencies; part of the configuration, not a weight. */
  static final String ROPE_FREQUENCY_FACTORS = "rope_freqs.weight";

  /** Divisors of LongRoPE for sequences in the original context and for longer ones. */
  static final String SHORT_FREQUENCY_FACTORS = "rope_factors_short.weight";

  static final String LONG_FREQUENCY_FACTORS = "rope_factors_long.weight";

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
          Map.entry("self_attn.sinks", "attn_sinks"),
          Map.entry("post_attention_layernorm", "post_attention_norm"),
          Map.entry("pre_feedforward_layernorm", "ffn_norm"),
          Map.entry("post_feedforward_layernorm", "post_ffw_norm"),
          Map.entry("mlp.gate", "ffn_gate_inp"),
          Map.entry("mlp.gate_proj", "ffn_gate"),
          Map.entry("mlp.up_proj", "ffn_up"),
          Map.entry("mlp.down_proj", "ffn_down"));

  /** Layer, part, and {@code .weight} or {@code .bias} if the name has it. */
  private static final Pattern LAYER_NAME =
      Pattern.compile("model\\.layers\\.(\\d+)\\.(.+?)(\\.weight|\\.bias)?");

  /** Expert and projection. */
  private static final Pattern EXPERT_PART =
      Pattern.compile("mlp\\.experts\\.(\\d+)\\.(gate|up|down)_proj");

  private static final Set<ModelFamily> INTERLEAVED =
      Set.of(ModelFamily.LLAMA, ModelFamily.MIXTRAL, ModelFamily.GRANITE, ModelFamily.SMOLLM3);
  private static final Set<String> ROTATED = Set.of("self_attn.q_proj", "self_attn.k_proj");

  private final ModelConfig config;

  GgufTensorLayout(ModelConfig config) {
    this.config = config;
  }

  @Override
  public TensorSource source(TensorShape shape) {
    Matcher name = LAYER_NAME.matcher(shape.name());
    if (!name.matches()) {
      return TensorSource.whole(OUTER.getOrDefault(shape.name(), shape.name()));
    }
    String block = "blk." + name.group(1) + '.';
    String part = name.group(2);
    String suffix = name.group(3) == null ? ".weight" : name.group(3);
    Matcher expert = EXPERT_PART.matcher(part);
    if (expert.matches()) {
      String stack = block + "ffn_" + expert.group(2) + "_exps" + suffix;
      return expert(stack, Integer.parseInt(expert.group(1)), shape, experts(name.group(1)));
    }
    return config.family() == ModelFamily.PHI3
        ? fused(block, part, shape)
        : new WholeTensor(block + storedPart(part) + suffix, rowOrder(part));
  }

  /** One matrix, or one bias, of a stack of those of all experts. */
  private static TensorSource expert(String stack, int expert, TensorShape shape, long experts) {
    long columns = shape.columns();
    if (stack.endsWith(".bias")) {
      return new StackedElements(stack, List.of(experts, columns), expert, RowOrder.AS_STORED);
    }
    return new StackedRows(
        stack,
        List.of(experts, (long) shape.rows(), columns),
        RowOrder.strided(expert * shape.rows(), 1));
  }

  /** Phi-3 has the query, key and value projections on top of each other, and gate and up. */
  private TensorSource fused(String block, String part, TensorShape shape) {
    int queries = config.attention().queryWidth();
    int keys = config.attention().keyWidth();
    long queriesKeysAndValues = queries + 2L * keys;
    String attention = block + "attn_qkv.weight";
    String gateAndUp = block + "ffn_up.weight";
    return switch (part) {
      case "self_attn.q_proj" -> rows(attention, queriesKeysAndValues, 0, shape);
      case "self_attn.k_proj" -> rows(attention, queriesKeysAndValues, queries, shape);
      case "self_attn.v_proj" -> rows(attention, queriesKeysAndValues, queries + keys, shape);
      case "mlp.gate_proj" -> rows(gateAndUp, 2L * shape.rows(), 0, shape);
      case "mlp.up_proj" -> rows(gateAndUp, 2L * shape.rows(), shape.rows(), shape);
      default -> TensorSource.whole(block + storedPart(part) + ".weight");
    };
  }

  private static TensorSource rows(String name, long rows, int first, TensorShape shape) {
    return new StackedRows(name, List.of(rows, (long) shape.columns()), RowOrder.strided(first, 1));
  }

  private String storedPart(String part) {
    // gpt-oss has the name of a norm behind attention for the one before the feed-forward network.
    boolean secondNorm =
        part.equals("post_attention_layernorm")
            && config.normPlacement() == NormPlacement.BEFORE
            && config.family() != ModelFamily.GPT_OSS;
    return secondNorm ? "ffn_norm" : IN_LAYER.getOrDefault(part, part);
  }

  private long experts(String layer) {
    ExpertsConfig experts =
        (ExpertsConfig) config.layers().get(Integer.parseInt(layer)).feedForward();
    return experts.experts();
  }

  private RowOrder rowOrder(String part) {
    return INTERLEAVED.contains(config.family()) && ROTATED.contains(part)
        ? RowOrder.interleavedPairs(config.attention().headSize())
        : RowOrder.AS_STORED;
  }

  @Override
  public boolean ignorable(String storedName) {
    return switch (storedName) {
      case ROPE_FREQUENCY_FACTORS -> true;
      case SHORT_FREQUENCY_FACTORS, LONG_FREQUENCY_FACTORS ->
          config.layers().stream()
              .anyMatch(l -> l.rope().flatMap(RopeConfig::longContext).isPresent());
      default -> false;
    };
  }
}
