package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.shard.ModelShard;
import io.nightshift.runtime.model.shard.ShardedModelFiles;
import io.nightshift.runtime.parallel.Collective;
import io.nightshift.runtime.parallel.RankContext;
import io.nightshift.runtime.parallel.TensorParallelRunner;
import io.nightshift.runtime.runner.HostMemory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** Model runners on several GPUs of this host, which share every layer. */
public final class CudaTensorParallel {
  private CudaTensorParallel() {}

  /**
   * Loads the shards of model files, which may be closed afterwards.
   *
   * @param options with a GPU for each rank
   * @throws IllegalArgumentException if the model cannot be divided among so many ranks
   * @throws io.nightshift.runtime.runner.DeviceException if a GPU cannot be used, or two of them
   *     cannot reach each other's memory
   */
  public static TensorParallelRunner runner(ModelFiles files, EngineConfig options) {
    return runner(
        files.config(),
        options,
        (shard, context) ->
            CudaModelRunner.ofRank(
                new ShardedModelFiles(files, shard),
                EnginePlaces.enterRank(shard.rank(), options),
                context));
  }

  /** A runner with random weights, generated on the devices: for benchmarks. */
  public static TensorParallelRunner withRandomWeights(ModelConfig model, EngineConfig options) {
    return runner(
        model,
        options,
        (shard, context) ->
            CudaModelRunner.ofRandomRank(
                shard.config(), EnginePlaces.enterRank(shard.rank(), options), context));
  }

  private interface ShardRunner {
    CudaModelRunner create(ModelShard shard, RankContext context);
  }

  private static TensorParallelRunner runner(
      ModelConfig model, EngineConfig options, ShardRunner shards) {
    // Each rank takes its share at the same time.
    HostMemory.ofThisMachine().require(options.hostKvCacheMemory(), 1);
    int degree = options.tensorParallel();
    List<ModelShard> parts =
        IntStream.range(0, degree).mapToObj(rank -> new ModelShard(model, rank, degree)).toList();
    Connections connections = new Connections();
    return new TensorParallelRunner(
        model,
        options.gpus().stream().map(gpu -> "GPU " + gpu).toList(),
        context -> {
          CudaModelRunner runner = shards.create(parts.get(context.rank()), context);
          connections.add(runner);
          return runner;
        },
        connections,
        TensorParallelRunner.DEFAULT_TIMEOUT);
  }

  /** What ranks wait for one another through. Each closes its own. */
  private static final class Connections implements Collective {
    private final List<CudaModelRunner> ranks = new CopyOnWriteArrayList<>();

    void add(CudaModelRunner rank) {
      ranks.add(rank);
    }

    @Override
    public void abort() {
      ranks.forEach(CudaModelRunner::abortExchanges);
    }

    @Override
    public void close() {}
  }
}
