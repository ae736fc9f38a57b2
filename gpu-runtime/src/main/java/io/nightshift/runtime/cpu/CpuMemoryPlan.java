package io.nightshift.runtime.cpu;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.runner.BlockGroup;
import io.nightshift.runtime.runner.CacheSizing;
import io.nightshift.runtime.runner.DeviceException;
import java.util.List;
import java.util.Locale;

/**
 * Native memory that a runner needs, in bytes.
 *
 * @param cacheTokens number of tokens that the KV cache holds, outside of sliding windows
 * @param activations memory of the largest step: activations, the workers' scratch memory and the
 *     logits of all tokens
 */
record CpuMemoryPlan(
    long weights, long kvCache, long cacheTokens, long activations, EngineConfig options) {

  /**
   * @param exchange bytes for the exchange with other ranks
   */
  static CpuMemoryPlan of(
      ModelFiles files, LinearFormats formats, EngineConfig options, long exchange) {
    ModelConfig config = files.config();
    List<BlockGroup> groups = CpuModelRunner.cacheGroups(config, options);
    long logits = (long) options.maxStepTokens() * config.logitsColumns() * Float.BYTES;
    return new CpuMemoryPlan(
        CpuWeights.bytes(files, formats),
        CacheSizing.of(config, options).layerBlocks(groups)
                * CpuKeyValueCache.layerBytes(config, options.blockSize())
            + CpuModelRunner.hostBlocks(config, options).bytes(),
        (long) groups.get(0).blockCount() * options.blockSize(),
        Activations.bytes(config, options.maxStepTokens())
            + options.threads() * CpuTransformer.bytes(config, options)
            + logits
            + exchange,
        options);
  }

  /** Bytes in total. */
  long total() {
    return weights + kvCache + activations;
  }

  /**
   * @throws DeviceException with all figures, if the total exceeds {@code limit}
   */
  void check(long limit) {
    long sum = total();
    if (sum > limit) {
      throw new DeviceException(
          "%s. The limit is %s: raise engine.memory-limit, or lower engine.kv-cache-memory, engine.host-kv-cache-memory or engine.max-step-tokens"
              .formatted(this, mebibytes(limit)));
    }
  }

  @Override
  public String toString() {
    return ("The model needs %s of memory: %s of weights, %s of KV cache for %s tokens%s, %s of"
            + " activations for steps of %s tokens")
        .formatted(
            mebibytes(total()),
            mebibytes(weights),
            mebibytes(kvCache),
            cacheTokens,
            options.hostKvCacheMemory() == 0 ? "" : " and for what does not fit it",
            mebibytes(activations),
            options.maxStepTokens());
  }

  private static String mebibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f MiB", bytes / (double) (1 << 20));
  }
}
