package io.nightshift.runtime.cuda.weights;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.ModelConfig;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The tensors of one layer, as they are fused on the device: {@code kind} is {@code weight} for a
 * linear layer, or {@code bias} for what is added to its outputs.
 */
final class LayerTensors {
  private static final String WEIGHT = "weight";

  private final ModelConfig config;
  private final String attention;
  private final String mlp;

  LayerTensors(ModelConfig config, int layer) {
    this.config = config;
    attention = "model.layers." + layer + ".self_attn.";
    mlp = "model.layers." + layer + ".mlp.";
  }

  /** Rows of linear layers that become one. */
  record Linear(int inputs, List<TensorRows> rows) {}

  Linear queryKeyValue() {
    return new Linear(config.hiddenSize(), queryKeyValue(WEIGHT));
  }

  List<TensorRows> queryKeyValue(String kind) {
    AttentionConfig sizes = config.attention();
    return List.of(
        TensorRows.all(attention + "q_proj." + kind, sizes.queryWidth()),
        TensorRows.all(attention + "k_proj." + kind, sizes.keyWidth()),
        TensorRows.all(attention + "v_proj." + kind, sizes.keyWidth()));
  }

  Linear attentionOutput() {
    return new Linear(
        config.attention().queryWidth(),
        List.of(TensorRows.all(attention + "o_proj.weight", config.hiddenSize())));
  }

  Linear gateUp(GatedMlpConfig sizes) {
    return new Linear(
        config.hiddenSize(),
        List.of(
            TensorRows.all(mlp + "gate_proj.weight", sizes.intermediateSize()),
            TensorRows.all(mlp + "up_proj.weight", sizes.intermediateSize())));
  }

  Linear down(GatedMlpConfig sizes) {
    return new Linear(
        sizes.intermediateSize(),
        List.of(TensorRows.all(mlp + "down_proj.weight", config.hiddenSize())));
  }

  Linear router(ExpertsConfig experts) {
    return new Linear(
        config.hiddenSize(), List.of(TensorRows.all(mlp + "gate.weight", experts.experts())));
  }

  Linear gateUp(ExpertsConfig experts) {
    return new Linear(config.hiddenSize(), gateUp(experts, WEIGHT));
  }

  List<TensorRows> gateUp(ExpertsConfig experts, String kind) {
    return prefixes(experts)
        .flatMap(
            expert ->
                Stream.of("gate_proj.", "up_proj.")
                    .map(name -> TensorRows.all(expert + name + kind, experts.intermediateSize())))
        .toList();
  }

  Linear down(ExpertsConfig experts) {
    return new Linear(experts.intermediateSize(), down(experts, WEIGHT));
  }

  List<TensorRows> down(ExpertsConfig experts, String kind) {
    return prefixes(experts)
        .map(expert -> TensorRows.all(expert + "down_proj." + kind, config.hiddenSize()))
        .toList();
  }

  private Stream<String> prefixes(ExpertsConfig experts) {
    return IntStream.range(0, experts.experts())
        .mapToObj(expert -> mlp + "experts." + expert + ".");
  }
}
