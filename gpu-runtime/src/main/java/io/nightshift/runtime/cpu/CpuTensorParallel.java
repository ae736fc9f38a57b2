package io.nightshift.runtime.cpu;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.shard.ModelShard;
import io.nightshift.runtime.model.shard.ShardedModelFiles;
import io.nightshift.runtime.parallel.TensorParallelRunner;
import io.nightshift.runtime.runner.ModelRunner;
import java.time.Duration;
import java.util.Collections;

/** Model runners on the CPU with as many ranks as their configuration says. */
public final class CpuTensorParallel {
  /** A step of a large model on few cores may take minutes. */
  private static final Duration TIMEOUT = Duration.ofMinutes(30);

  private CpuTensorParallel() {}

  /**
   * Creates a runner of {@link EngineConfig#tensorParallel} ranks; of one rank, a {@link
   * CpuModelRunner}.
   *
   * @param files must stay open while the runner is used
   * @throws IllegalArgumentException if the model cannot be divided among so many ranks
   * @throws io.nightshift.runtime.runner.DeviceException if a rank cannot be created
   */
  public static ModelRunner runner(ModelFiles files, EngineConfig config) {
    return config.tensorParallel() == 1
        ? new CpuModelRunner(files, config)
        : ranks(files, config, TIMEOUT);
  }

  /** A runner of ranks, also of one. */
  static TensorParallelRunner ranks(ModelFiles files, EngineConfig config, Duration timeout) {
    ModelShard first = new ModelShard(files.config(), 0, config.tensorParallel());
    CpuCollective collective =
        new CpuCollective(files.config(), first.degree(), config.maxStepTokens());
    return new TensorParallelRunner(
        files.config(),
        Collections.nCopies(first.degree(), "CPU"),
        context -> rank(files, config, collective, context.rank()),
        collective,
        timeout);
  }

  /** The runner of one rank. */
  static CpuModelRunner rank(
      ModelFiles files, EngineConfig config, CpuCollective collective, int rank) {
    ModelShard shard = new ModelShard(files.config(), rank, config.tensorParallel());
    return new CpuModelRunner(
        new ShardedModelFiles(files, shard),
        ofRank(config),
        new RankExchange(collective, rank, shard.model().layerCount()));
  }

  /** Maximum number of tokens of a sequence that the KV cache of a runner has room for. */
  public static long kvCacheTokens(ModelConfig model, EngineConfig config) {
    ModelShard shard = new ModelShard(model, 0, config.tensorParallel());
    return CpuModelRunner.kvCacheTokens(shard.config(), ofRank(config));
  }

  /**
   * A rank's configuration, the same for all: with as many threads, ranks divide rows into the same
   * tiles. They share the memory of the machine.
   */
  private static EngineConfig ofRank(EngineConfig config) {
    int degree = config.tensorParallel();
    EngineConfig share =
        config.ofRank(0).withMemoryLimit(Math.max(1, config.memoryLimit() / degree));
    return config.kvCacheMemory() == 0
        ? share
        : share.withKvCacheMemory(Math.max(1, config.kvCacheMemory() / degree));
  }
}
