package io.nightshift.job.bench;

import io.nightshift.runtime.bench.BenchmarkReport;
import io.nightshift.runtime.bench.DataParallelBenchmark;
import io.nightshift.runtime.bench.EngineBenchmark;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.CudaModelRunner;
import io.nightshift.runtime.cuda.EnginePlaces;
import io.nightshift.runtime.cuda.GpuGroup;
import io.nightshift.runtime.cuda.GpuGroups;
import io.nightshift.runtime.cuda.VisibleGpus;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;
import java.util.List;
import java.util.Optional;

/**
 * Measures the engine on the CUDA runner, on one GPU or on several at once. Random weights are
 * generated on the device.
 */
final class CudaBenchmark implements Benchmark {

  @Override
  public String run(Request request) throws Exception {
    List<Gpu> gpus = VisibleGpus.ofThisHost().select(request.gpus());
    int degree = request.engine().tensorParallel();
    EnginePlaces places = new EnginePlaces(GpuGroups.of(request.gpus(), gpus, degree).groups());
    List<GpuGroup> groups = places.groups();
    return groups.size() == 1
        ? onOne(request, places.enter(groups.get(0), request.engine()))
        : onSeveral(request, places);
  }

  private static String onOne(Request request, EngineConfig engine) {
    try (CudaModelRunner runner = runner(request, engine)) {
      WorkloadRun run =
          WorkloadRun.of(
              request, new EngineBenchmark(runner, runner.gemmFloor(), engine), runner.config());
      return report(request, List.of(runner), run, List.of());
    }
  }

  private static String onSeveral(Request request, EnginePlaces places) throws Exception {
    List<GpuGroup> groups = places.groups();
    try (DataParallelBenchmark<CudaModelRunner> benchmark =
        new DataParallelBenchmark<>(
            groups.size(),
            number -> member(request, places.enter(groups.get(number), request.engine())))) {
      DataParallelBenchmark.Result result =
          benchmark.run(request.workload(), request.rows(), request.order());
      return report(
          request,
          benchmark.runners(),
          new WorkloadRun(result.total(), Optional.empty()),
          result.engineSeconds());
    }
  }

  private static DataParallelBenchmark.Member<CudaModelRunner> member(
      Request request, EngineConfig engine) {
    CudaModelRunner runner = runner(request, engine);
    return new DataParallelBenchmark.Member<>(runner, runner.gemmFloor(), engine);
  }

  private static CudaModelRunner runner(Request request, EngineConfig engine) {
    if (request.model() instanceof RandomWeights random) {
      return CudaModelRunner.withRandomWeights(random.shape().config(), engine);
    }
    Checkpoint checkpoint = (Checkpoint) request.model();
    try (ModelFiles files = ModelFormats.open(checkpoint.path())) {
      return new CudaModelRunner(files, engine);
    }
  }

  private static String report(
      Request request, List<CudaModelRunner> runners, WorkloadRun run, List<Double> engineSeconds) {
    CudaModelRunner first = runners.get(0);
    return new BenchmarkReport(
            request.workload(),
            request.model().shapeName(first.config()),
            request.model().name(),
            request.engine().dtype().toString(),
            first.deviceName(),
            request.engine().tensorParallel(),
            request.order(),
            (long) first.blockCount() * first.blockSize(),
            runners.stream().mapToLong(CudaModelRunner::usedDeviceMemory).max().orElseThrow(),
            run.measurement(),
            engineSeconds,
            run.constrained())
        .toJson();
  }
}
