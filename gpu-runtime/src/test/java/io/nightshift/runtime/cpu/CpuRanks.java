package io.nightshift.runtime.cpu;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;

/** Configurations of runners with several ranks, for tests. */
final class CpuRanks {
  private CpuRanks() {}

  /** So many ranks in f32 with so many threads each. */
  static EngineConfig options(int degree, int threadsOfRank) {
    return EngineConfig.cpu()
        .withDtype(DataType.F32)
        .withTensorParallel(degree)
        .withThreads(degree * threadsOfRank)
        .withBlockSize(8)
        .withKvCacheTokens(8 * 96)
        .withMaxStepTokens(96);
  }
}
