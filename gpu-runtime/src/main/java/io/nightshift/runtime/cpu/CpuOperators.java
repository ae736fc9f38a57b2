package io.nightshift.runtime.cpu;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;

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
  final CpuGatedMlp mlp;

  CpuOperators(
      Worker worker,
      ModelConfig config,
      RotaryTable rotary,
      CpuKeyValueCache cache,
      Activations activations) {
    norm = new RmsNorm(worker, config);
    gemm = new PackedGemm(worker);
    qkvProjection = new QkvProjection(worker, gemm);
    rotaryEmbedding = new RotaryEmbedding(worker, config, rotary, cache, activations);
    attention = new CpuAttention(worker, config, cache, activations);
    mlp = new CpuGatedMlp(worker, config, gemm);
  }

  /** Native bytes of one worker. */
  static long bytes(ModelConfig config, EngineConfig options) {
    int rows = TilePlan.largest(options.maxStepTokens());
    return RmsNorm.bytes(config, rows)
        + PackedGemm.bytes(config, rows)
        + QkvProjection.bytes(config, rows)
        + RotaryEmbedding.bytes(config)
        + CpuAttention.bytes(config, options.kvCacheTokens())
        + CpuGatedMlp.bytes(config, rows);
  }

  @Override
  public void close() {
    norm.close();
    gemm.close();
    qkvProjection.close();
    rotaryEmbedding.close();
    attention.close();
    mlp.close();
  }
}
