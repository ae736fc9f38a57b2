package io.nightshift.job.bench;

import io.nightshift.runtime.bench.BenchmarkException;
import io.nightshift.runtime.bench.BenchmarkReport;
import io.nightshift.runtime.bench.DataParallelBenchmark;
import io.nightshift.runtime.bench.EngineBenchmark;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.CudaModelRunner;
import io.nightshift.runtime.cuda.CudaTensorParallel;
import io.nightshift.runtime.cuda.EnginePlaces;
import io.nightshift.runtime.cuda.GpuEnergy;
import io.nightshift.runtime.cuda.GpuGroup;
import io.nightshift.runtime.cuda.GpuGroups;
import io.nightshift.runtime.cuda.VisibleGpus;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.parallel.TensorParallelRunner;
import io.nightshift.runtime.runner.DeviceException;
import io.nightshift.runtime.runner.GemmFloor;
import io.nightshift.runtime.runner.HostMemory;
import io.nightshift.runtime.runner.ModelRunner;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Measures the engine on the CUDA runner, on one GPU or on several at once, or on groups of GPUs
 * that share a model. Random weights are generated on the device.
 */
final class CudaBenchmark implements Benchmark {

  @Override
  public String run(Request request) throws Exception {
    List<Gpu> gpus = gpus(request);
    int degree = request.engine().tensorParallel();
    if (gpus.size() % degree != 0) {
      throw new BenchmarkException(
          "engines of %s GPUs (--tensor-parallel) cannot have %s GPUs: name a multiple with --gpus"
              .formatted(degree, gpus.size()));
    }
    EnginePlaces places = new EnginePlaces(GpuGroups.of(request.gpus(), gpus, degree).groups());
    List<GpuGroup> groups = places.groups();
    requireHostMemory(request.engine(), groups.size());
    return groups.size() == 1
        ? onOne(request, places.enter(groups.get(0), request.engine()), groups.get(0))
        : onSeveral(request, places);
  }

  private static List<Gpu> gpus(Request request) {
    try {
      return VisibleGpus.ofThisHost().select(request.gpus());
    } catch (DeviceException e) {
      throw new BenchmarkException(String.valueOf(e.getMessage()));
    }
  }

  private static void requireHostMemory(EngineConfig engine, int engines) {
    try {
      HostMemory.ofThisMachine().require(engine.hostKvCacheMemory(), engines);
    } catch (DeviceException e) {
      throw new BenchmarkException(String.valueOf(e.getMessage()));
    }
  }

  private static String onOne(Request request, EngineConfig engine, GpuGroup group) {
    try (ModelRunner runner = runner(request, engine)) {
      WorkloadRun run =
          WorkloadRun.of(
              request,
              new EngineBenchmark(runner, floor(runner), engine, GpuEnergy.counters(group)),
              runner.config());
      return report(request, List.of(runner), run, List.of());
    }
  }

  private static String onSeveral(Request request, EnginePlaces places) throws Exception {
    List<GpuGroup> groups = places.groups();
    try (DataParallelBenchmark<ModelRunner> benchmark =
        new DataParallelBenchmark<>(
            groups.size(),
            number ->
                member(
                    request,
                    places.enter(groups.get(number), request.engine()),
                    groups.get(number)))) {
      DataParallelBenchmark.Result result =
          benchmark.run(request.workload(), request.rows(), request.order());
      return report(
          request,
          benchmark.runners(),
          new WorkloadRun(result.total(), Optional.empty()),
          result.engineSeconds());
    }
  }

  private static DataParallelBenchmark.Member<ModelRunner> member(
      Request request, EngineConfig engine, GpuGroup group) {
    ModelRunner runner = runner(request, engine);
    return new DataParallelBenchmark.Member<>(
        runner, floor(runner), engine, GpuEnergy.counters(group));
  }

  private static ModelRunner runner(Request request, EngineConfig engine) {
    boolean alone = engine.tensorParallel() == 1;
    if (request.model() instanceof RandomWeights random) {
      ModelConfig config = random.shape().config();
      TensorEncodings encodings = random.quantization().encodings();
      return alone
          ? CudaModelRunner.withRandomWeights(config, encodings, engine)
          : CudaTensorParallel.withRandomWeights(config, encodings, engine);
    }
    Checkpoint checkpoint = (Checkpoint) request.model();
    try (ModelFiles files = ModelFormats.open(checkpoint.path())) {
      return alone ? new CudaModelRunner(files, engine) : CudaTensorParallel.runner(files, engine);
    }
  }

  /** Of several ranks, the floor of the first one's shard. */
  private static GemmFloor floor(ModelRunner runner) {
    GemmFloor floor = ask(runner, CudaModelRunner::gemmFloor);
    return tokens -> ask(runner, any -> floor.seconds(tokens));
  }

  /** Asks the runner of a GPU; of several ranks, the first one's. */
  private static <T> T ask(ModelRunner runner, Function<CudaModelRunner, T> question) {
    return runner instanceof TensorParallelRunner ranks
        ? ranks.ofRank(0, rank -> question.apply((CudaModelRunner) rank))
        : question.apply((CudaModelRunner) runner);
  }

  private static String report(
      Request request, List<ModelRunner> runners, WorkloadRun run, List<Double> engineSeconds) {
    ModelRunner first = runners.get(0);
    return new BenchmarkReport(
            request.workload(),
            request.model().shapeName(first.config()),
            request.model().name(),
            request.engine().dtype().toString(),
            ask(first, CudaModelRunner::deviceName),
            request.engine().tensorParallel(),
            request.order(),
            (long) first.blockCount() * first.blockSize(),
            runners.stream()
                .mapToLong(runner -> ask(runner, CudaModelRunner::usedDeviceMemory))
                .max()
                .orElseThrow(),
            run.measurement(),
            engineSeconds,
            run.constrained())
        .toJson();
  }
}
