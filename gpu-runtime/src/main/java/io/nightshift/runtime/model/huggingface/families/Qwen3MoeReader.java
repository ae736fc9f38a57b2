package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.weights.TensorTable;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Qwen3 with experts, such as Qwen3-30B-A3B; some layers may have a plain MLP instead. */
final class Qwen3MoeReader implements FamilyReader {
  private static final String EXPERTS = "num_experts";
  private static final String LOCAL_EXPERTS = "num_local_experts";
  private static final String STEP = "decoder_sparse_step";
  private static final String DENSE = "mlp_only_layers";

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.honoring(
            "intermediate_size",
            "moe_intermediate_size",
            "hidden_act",
            "attention_bias",
            EXPERTS,
            LOCAL_EXPERTS,
            "num_experts_per_tok",
            "norm_topk_prob",
            STEP,
            DENSE,
            "use_sliding_window",
            "sliding_window",
            "layer_types")
        .ignoring("max_window_layers");
  }

  @Override
  public Map<String, Object> defaults() {
    return Map.of(
        "num_key_value_heads",
        4,
        "moe_intermediate_size",
        768,
        "num_experts_per_tok",
        8,
        STEP,
        1,
        "sliding_window",
        4096);
  }

  @Override
  public ModelConfig read(ConfigValues values) {
    JsonFile config = values.json();
    boolean bias = values.flag("attention_bias");
    AttentionConfig attention = values.attention().withBiases(bias, bias);
    Optional<RopeConfig> rope = Optional.of(values.rope(attention.headSize()));
    LayerTypes types = new LayerTypes(config, values.layerCount());
    boolean slides = values.flag("use_sliding_window");
    types.require(slides && config.value("sliding_window").isPresent());
    int window = slides ? types.uniformWindow() : 0;
    ExpertsConfig experts = experts(values);
    Set<Integer> dense = denseLayers(config);
    int step = config.requiredInteger(STEP);
    if (step <= 0) {
      throw config.problem(STEP, step + ", expected a positive number");
    }
    return values.model(
        ModelFamily.QWEN3_MOE,
        attention,
        values.layers(
            layer ->
                new LayerConfig(
                    window,
                    rope,
                    dense.contains(layer) || (layer + 1) % step != 0
                        ? values.gatedMlp()
                        : experts)));
  }

  private static ExpertsConfig experts(ConfigValues values) {
    JsonFile config = values.json();
    int experts = count(config);
    return new ExpertsConfig(
        experts,
        values.expertsPerToken("num_experts_per_tok", experts),
        config.positiveInteger("moe_intermediate_size"),
        values.activation("hidden_act", "silu"),
        values.flag("norm_topk_prob"),
        false);
  }

  /** The number of experts has one name in transformers 4 and another in 5. */
  private static int count(JsonFile config) {
    int experts = config.positiveInteger(config.contains(EXPERTS) ? EXPERTS : LOCAL_EXPERTS);
    if (config.integer(LOCAL_EXPERTS).orElse(experts) != experts) {
      throw config.problem(
          EXPERTS, experts + ", but " + LOCAL_EXPERTS + " is another number; expected one number");
    }
    return experts;
  }

  private static Set<Integer> denseLayers(JsonFile config) {
    Set<Integer> layers = new HashSet<>();
    config
        .value(DENSE)
        .ifPresent(list -> list.forEach(layer -> layers.add(config.toInt(DENSE, layer))));
    return layers;
  }

  @Override
  public TensorTable.Layout layout(ModelConfig config, Set<String> stored) {
    return StackedExpertsLayout.fits(stored)
        ? new StackedExpertsLayout(config)
        : new PlainLayout(config);
  }
}
