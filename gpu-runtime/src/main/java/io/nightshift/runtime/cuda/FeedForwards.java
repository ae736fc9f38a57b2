package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.weights.DeviceLayerWeights;
import io.nightshift.runtime.cuda.weights.DeviceWeights;
import io.nightshift.runtime.cuda.weights.ExpertsWeights;
import io.nightshift.runtime.cuda.weights.GatedMlpWeights;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.FeedForwardConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.ModelConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The feed-forward networks of all layers: the one place that chooses their classes. Layers whose
 * networks are configured equally share kernels, and the choice of their algorithms.
 */
final class FeedForwards {
  private final CudaOperators operators;
  private final ModelConfig config;
  private final DeviceWeights weights;
  private final StepArena arena;
  private final FeedForward[] layers;
  private final List<GatedMlp> mlps = new ArrayList<>();
  private final List<Experts> experts = new ArrayList<>();

  FeedForwards(
      KernelLibrary library,
      CudaOperators operators,
      ModelConfig config,
      DeviceWeights weights,
      StepArena arena,
      Path cacheFolder) {
    this.operators = operators;
    this.config = config;
    this.weights = weights;
    this.arena = arena;
    layers = new FeedForward[config.layerCount()];
    Map<FeedForwardConfig, List<Integer>> members = new LinkedHashMap<>();
    for (int layer = 0; layer < layers.length; layer++) {
      members
          .computeIfAbsent(config.layers().get(layer).feedForward(), unused -> new ArrayList<>())
          .add(layer);
    }
    members.forEach(
        (kind, numbers) -> {
          if (kind instanceof GatedMlpConfig mlp) {
            add(library, mlp, numbers, cacheFolder);
          } else if (kind instanceof ExpertsConfig mixture) {
            add(library, mixture, numbers);
          }
        });
  }

  private void add(
      KernelLibrary library, GatedMlpConfig mlpConfig, List<Integer> members, Path cacheFolder) {
    List<GatedMlpWeights> linears = members.stream().map(this::gatedMlpWeights).toList();
    GatedMlp mlp =
        new GatedMlp(
            library, operators.stream(), operators.gemms(), mlpConfig, linears, arena, cacheFolder);
    mlps.add(mlp);
    for (int i = 0; i < members.size(); i++) {
      DeviceLayerWeights layer = weights.layers().get(members.get(i));
      ResidualAddition down =
          new ResidualAddition(
              arena.feedForwardDelta,
              linears.get(i).down(),
              mlp.activated(),
              config.multipliers().residual(),
              null,
              layer.feedForwardNorms().output());
      layers[members.get(i)] = new GatedMlpLayer(operators, arena, mlp, i, down);
    }
  }

  private void add(KernelLibrary library, ExpertsConfig mixture, List<Integer> members) {
    Experts shared = new Experts(library, operators.stream(), operators.gemms(), mixture, arena);
    experts.add(shared);
    for (int member : members) {
      DeviceLayerWeights layer = weights.layers().get(member);
      ExpertsWeights own = (ExpertsWeights) layer.feedForward();
      layers[member] =
          new ExpertsLayer(
              operators,
              arena,
              shared,
              LayerGemm.overwriting(
                  own.router(), arena.finalNormed, arena.experts(mixture).scores()),
              own.routerBias(),
              shared.add(own.gateUp(), own.gateUpBias(), own.down(), own.downBias()),
              layer.feedForwardNorms().output(),
              config.isShard() ? arena.feedForwardDelta : null);
    }
  }

  private GatedMlpWeights gatedMlpWeights(int layer) {
    return (GatedMlpWeights) weights.layers().get(layer).feedForward();
  }

  /** The network of each layer. */
  List<FeedForward> layers() {
    return Arrays.asList(layers);
  }

  /**
   * Chooses and times algorithms, as {@link GatedMlp#prepare} and {@link Experts#prepare} do.
   *
   * @param rowCounts rounded, with their GEMMs prepared
   */
  void prepare(List<Integer> rowCounts) {
    mlps.forEach(mlp -> mlp.prepare(rowCounts));
    experts.forEach(mixture -> mixture.prepare(rowCounts));
  }
}
