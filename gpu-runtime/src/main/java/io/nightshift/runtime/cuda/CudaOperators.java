package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.device.CudaDevice;
import io.nightshift.runtime.cuda.device.CudaStream;
import io.nightshift.runtime.cuda.device.KernelLibrary;
import io.nightshift.runtime.cuda.kernels.AttentionKernels;
import io.nightshift.runtime.cuda.kernels.AttentionShape;
import io.nightshift.runtime.cuda.kernels.KeyValueCacheLayout;
import io.nightshift.runtime.cuda.kernels.LogitCap;
import io.nightshift.runtime.cuda.kernels.NormKernels;
import io.nightshift.runtime.cuda.kernels.QuantizeKernels;
import io.nightshift.runtime.cuda.peer.PeerSums;
import io.nightshift.runtime.model.ModelConfig;
import org.jspecify.annotations.Nullable;

/**
 * The operators of decoder layers: GEMMs, and kernels that are compiled for one model. All are
 * launched in one stream.
 *
 * @param quantize rounds attention's output to e4m3
 * @param logitCap caps logits; null if the model does not
 * @param peers the other ranks, if the model is a shard
 */
record CudaOperators(
    CudaStream stream,
    GemmRunner gemms,
    NormKernels norm,
    RotaryEmbeddings rotary,
    AttentionKernels attention,
    QuantizeKernels quantize,
    @Nullable LogitCap logitCap,
    @Nullable PeerSums peers) {
  private static final int HOPPER = 90;

  /**
   * Compiles the kernels for a model.
   *
   * @param peers the other ranks, if the model is a shard
   */
  static CudaOperators compile(
      KernelLibrary library,
      CudaStream stream,
      GemmRunner gemms,
      ModelConfig config,
      EngineConfig options,
      RotaryEmbeddings rotary,
      @Nullable PeerSums peers) {
    ModelDimensions dimensions = new ModelDimensions(config);
    KeyValueCacheLayout layout = DeviceKeyValueCache.layout(config, options);
    float logitSoftCap = config.multipliers().logitSoftCap();
    return new CudaOperators(
        stream,
        gemms,
        new NormKernels(library, stream, config, peers),
        rotary,
        new AttentionKernels(
            library,
            stream,
            attentionShape(config, options, stream.device()),
            layout,
            config.attention()),
        new QuantizeKernels(library, stream, dimensions.queries()),
        logitSoftCap > 0 ? new LogitCap(library, stream, logitSoftCap) : null,
        peers);
  }

  /** The shape for which attention is planned and its kernels are compiled. */
  static AttentionShape attentionShape(
      ModelConfig config, EngineConfig options, CudaDevice device) {
    return new AttentionShape(
        config.attention().headSize(),
        config.attention().queriesPerKeyValueHead(),
        options.fp8KvCache(),
        device.computeCapability() == HOPPER);
  }

  /** Enqueues a GEMM, whose shape must be prepared. */
  void multiply(LayerGemm gemm, int rows) {
    gemms.run(gemm, rows);
  }
}
