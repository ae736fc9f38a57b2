package io.nightshift.runtime.model.huggingface.families;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFamily;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.weights.TensorTable;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The dense models of Granite 4: {@code granitemoehybrid} with attention in all layers and no
 * experts but the one that all tokens pass, which is a plain MLP.
 */
final class Granite4Reader implements FamilyReader {
  private static final String POSITIONS = "position_embedding_type";
  private static final String EXPERTS = "num_local_experts";

  @Override
  public ConfigKeys keys() {
    return ConfigKeys.honoring(
            "shared_intermediate_size",
            "hidden_act",
            "attention_bias",
            "attention_multiplier",
            "embedding_multiplier",
            "residual_multiplier",
            "logits_scaling",
            "layer_types",
            "layers_block_type",
            EXPERTS,
            POSITIONS,
            "normalization_function")
        .ignoring(
            "intermediate_size",
            "num_experts_per_tok",
            "mamba_n_heads",
            "mamba_n_groups",
            "mamba_d_state",
            "mamba_d_head",
            "mamba_d_conv",
            "mamba_expand",
            "mamba_chunk_size",
            "mamba_conv_bias",
            "mamba_proj_bias",
            "time_step_limit",
            "time_step_min",
            "time_step_max");
  }

  /** Layers of models that do not list them are Mamba layers. */
  @Override
  public Map<String, Object> defaults() {
    return Map.of(EXPERTS, 8, "shared_intermediate_size", 1024);
  }

  @Override
  public ModelConfig read(ConfigValues values) {
    JsonFile config = values.json();
    int layers = values.layerCount();
    requireAttention(config, layers);
    int experts = config.requiredInteger(EXPERTS);
    if (experts != 0) {
      throw config.problem(EXPERTS, experts + " is not supported for Granite 4, expected 0");
    }
    String norm = config.string("normalization_function").orElse("rmsnorm");
    if (!norm.equals("rmsnorm")) {
      throw config.problem(
          "normalization_function", "\"%s\" is not supported, expected rmsnorm".formatted(norm));
    }
    AttentionConfig attention = GraniteParts.attention(values);
    FeedForwardConfig mlp =
        new GatedMlpConfig(
            config.positiveInteger("shared_intermediate_size"),
            values.activation("hidden_act", "silu"));
    LayerConfig layer =
        new LayerConfig(
            0,
            rotates(config) ? Optional.of(values.rope(attention.headSize())) : Optional.empty(),
            mlp);
    return values.model(
        ModelFamily.GRANITE,
        attention,
        Collections.nCopies(layers, layer),
        GraniteParts.multipliers(values));
  }

  private static void requireAttention(JsonFile config, int layers) {
    String key = config.value("layer_types").isPresent() ? "layer_types" : "layers_block_type";
    JsonNode types =
        config
            .value(key)
            .orElseThrow(() -> config.problem("layer_types", "is missing: all layers are Mamba's"));
    if (types.size() != layers) {
      throw config.problem(
          key, "has %s entries, expected %s, one for each layer".formatted(types.size(), layers));
    }
    for (JsonNode type : types) {
      if (!type.asText().equals("attention") && !type.asText().equals("full_attention")) {
        throw config.problem(
            key, "has a layer of %s, expected attention in all of them".formatted(type));
      }
    }
  }

  private static boolean rotates(JsonFile config) {
    String type = config.string(POSITIONS).orElse("nope");
    return switch (type) {
      case "rope" -> true;
      case "nope" -> false;
      default ->
          throw config.problem(
              POSITIONS, "\"%s\" is not supported, expected rope or nope".formatted(type));
    };
  }

  @Override
  public TensorTable.Layout layout(ModelConfig config, Set<String> stored) {
    return new Granite4Layout(config);
  }
}
