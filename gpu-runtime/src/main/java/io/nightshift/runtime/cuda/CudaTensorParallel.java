package io.nightshift.runtime.cuda;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.shard.ModelShard;
import io.nightshift.runtime.model.shard.ShardedEncodings;
import io.nightshift.runtime.model.shard.ShardedModelFiles;
import io.nightshift.runtime.parallel.Collective;
import io.nightshift.runtime.parallel.RankContext;
import io.nightshift.runtime.parallel.TensorParallelRunner;
import io.nightshift.runtime.runner.HostMemory;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Model runners on several GPUs of this host, which share every layer. */
public final class CudaTensorParallel {
  private static final Logger LOG = LoggerFactory.getLogger(CudaTensorParallel.class);

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
    logWidened(files, options.tensorParallel());
    return runner(
        files.config(),
        options,
        (shard, context) ->
            CudaModelRunner.ofRank(
                new ShardedModelFiles(files, shard),
                EnginePlaces.enterRank(shard.rank(), options),
                context));
  }

  /** Says which quantized weights do not stay packed, since ranks divide their groups. */
  private static void logWidened(ModelFiles files, int degree) {
    TensorEncodings whole = TensorEncodings.of(files);
    TensorEncodings ofRank = new ShardedEncodings(new ModelShard(files.config(), 0, degree), whole);
    List<String> widened =
        TensorShape.impliedBy(files.config())
            .map(TensorShape::name)
            .filter(name -> whole.of(name).isPresent() && ofRank.of(name).isEmpty())
            .toList();
    if (!widened.isEmpty()) {
      LOG.info(
          "{} ranks divide groups of the columns of {} quantized matrices, which take as much memory"
              + " as unquantized ones: {}, ...",
          degree,
          widened.size(),
          widened.get(0));
    }
  }

  /** A runner with random weights, generated on the devices: for benchmarks. */
  public static TensorParallelRunner withRandomWeights(ModelConfig model, EngineConfig options) {
    return withRandomWeights(model, TensorEncodings.UNQUANTIZED, options);
  }

  /**
   * A runner with random weights, likewise.
   *
   * @param encodings of the layers' linear layers, which stay packed
   */
  public static TensorParallelRunner withRandomWeights(
      ModelConfig model, TensorEncodings encodings, EngineConfig options) {
    return runner(
        model,
        options,
        (shard, context) ->
            CudaModelRunner.ofRandomRank(
                shard.config(), encodings, EnginePlaces.enterRank(shard.rank(), options), context));
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
