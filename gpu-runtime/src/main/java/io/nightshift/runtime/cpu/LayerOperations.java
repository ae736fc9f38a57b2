package io.nightshift.runtime.cpu;

import io.nightshift.runtime.model.ModelConfig;

/**
 * The operations of a worker's layers. Their scratch memory is shared by all layers, which run one
 * after another.
 */
final class LayerOperations implements AutoCloseable {
  final RmsNorm norm;
  final PackedGemm gemm;
  final QkvProjection qkvProjection;
  final RotaryEmbedding rotaryEmbedding;
  final Attention attention;
  final CpuGatedMlp mlp;

  LayerOperations(
      Worker worker,
      ModelConfig config,
      RotaryTable rotary,
      CpuKvCache cache,
      Activations activations) {
    norm = new RmsNorm(worker, config);
    gemm = new PackedGemm(worker);
    qkvProjection = new QkvProjection(worker, gemm);
    rotaryEmbedding = new RotaryEmbedding(worker, config, rotary, cache, activations);
    attention = new Attention(worker, config, cache, activations);
    mlp = new CpuGatedMlp(worker, config, gemm);
  }

  /** Native bytes of one worker. */
  static long bytes(ModelConfig config, CpuRunnerOptions options) {
    int rows = TilePlan.largest(options.maxStepTokens());
    return RmsNorm.bytes(config, rows)
        + PackedGemm.bytes(config, rows)
        + QkvProjection.bytes(config, rows)
        + RotaryEmbedding.bytes(config)
        + Attention.bytes(config, options.kvCacheTokens())
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
