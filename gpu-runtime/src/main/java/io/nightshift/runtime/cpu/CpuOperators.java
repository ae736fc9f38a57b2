package io.nightshift.runtime.cpu;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cpu.NormWeights.PartNorms;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.NormPlacement;
import org.jspecify.annotations.Nullable;

/**
 * What a worker's layers compute with. All layers share the operators and their scratch memory,
 * since they run one after another.
 */
final class CpuOperators implements AutoCloseable {
  final RmsNorm norm;
  final PackedGemm gemm;
  final QkvProjection qkvProjection;
  final RotaryEmbedding rotaryEmbedding;
  final CpuAttention attention;
  final CpuGatedLinearUnit gatedLinearUnit;
  final ExpertScratch experts = new ExpertScratch();
  private final Worker worker;
  private final long hiddenBytes;
  private final FloatScratch output = new FloatScratch("output of a part of a layer");
  private final ResidualAdd plainAdd;
  private final @Nullable RankExchange ranks;

  /**
   * @param ranks sums what the ranks of a tensor-parallel model add to the residual stream; null if
   *     there is only one
   */
  CpuOperators(
      Worker worker,
      ModelConfig config,
      CpuKeyValueCache cache,
      Activations activations,
      @Nullable RankExchange ranks) {
    this.ranks = ranks;
    this.worker = worker;
    hiddenBytes = (long) config.hiddenSize() * Float.BYTES;
    norm = new RmsNorm(worker, config);
    gemm = new PackedGemm(worker);
    qkvProjection = new QkvProjection(worker, gemm);
    rotaryEmbedding = new RotaryEmbedding(worker, config, cache, activations);
    attention = new CpuAttention(worker, config, cache, activations, AttentionTiling.DEFAULT);
    gatedLinearUnit = new CpuGatedLinearUnit(worker, gemm);
    plainAdd = new PlainResidualAdd(worker, config, gemm);
  }

  /** Native bytes of one worker. */
  static long bytes(ModelConfig config, EngineConfig options) {
    int rows = TilePlan.largest(options.maxStepTokens());
    return RmsNorm.bytes(config, rows)
        + PackedGemm.bytes(config, rows)
        + QkvProjection.bytes(config, rows)
        + RotaryEmbedding.bytes(config)
        + CpuAttention.bytes(config, CpuModelRunner.kvCacheTokens(config, options))
        + CpuGatedLinearUnit.bytes(config, rows)
        + ExpertScratch.bytes(config, rows)
        + outputBytes(config, rows);
  }

  private static long outputBytes(ModelConfig config, int rows) {
    return config.normPlacement() == NormPlacement.BEFORE
        ? 0
        : (long) rows * config.hiddenSize() * Float.BYTES;
  }

  /** The input of a part of a layer that has these norms. */
  InputNorm input(PartNorms norms) {
    return norms.input().isPresent()
        ? new InputNorm.Weighted(norm, norms.input().getAsLong())
        : new InputNorm.None(worker.copy(), hiddenBytes);
  }

  /**
   * The end of a part of a layer that has these norms.
   *
   * @param part number of the part in an exchange of ranks
   */
  ResidualAdd residualAdd(PartNorms norms, int part) {
    ResidualAdd add =
        norms.output().isPresent()
            ? new NormedResidualAdd(gemm, norm, norms.output().getAsLong(), output, plainAdd)
            : plainAdd;
    return ranks == null ? add : new AllReducedResidualAdd(worker, gemm, ranks, part, output, add);
  }

  @Override
  public void close() {
    norm.close();
    gemm.close();
    qkvProjection.close();
    rotaryEmbedding.close();
    attention.close();
    gatedLinearUnit.close();
    experts.close();
    output.close();
  }
}
