package io.nightshift.job.bench;

import io.nightshift.runtime.bench.BenchmarkReport;
import io.nightshift.runtime.bench.EngineBenchmark;
import io.nightshift.runtime.cuda.CudaModelRunner;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;

/** Measures the engine on the CUDA runner. Random weights are generated on the device. */
final class CudaBenchmark implements Benchmark {

  @Override
  public String run(Request request) {
    try (CudaModelRunner runner = runner(request)) {
      WorkloadRun run =
          WorkloadRun.of(
              request,
              new EngineBenchmark(runner, runner.gemmFloor(), request.engine()),
              runner.config());
      return new BenchmarkReport(
              request.workload(),
              request.model().shapeName(runner.config()),
              request.model().name(),
              request.engine().dtype().toString(),
              runner.deviceName(),
              request.order(),
              (long) runner.blockCount() * runner.blockSize(),
              runner.usedDeviceMemory(),
              run.measurement(),
              run.constrained())
          .toJson();
    }
  }

  private static CudaModelRunner runner(Request request) {
    if (request.model() instanceof RandomWeights random) {
      return CudaModelRunner.withRandomWeights(random.shape().config(), request.engine());
    }
    Checkpoint checkpoint = (Checkpoint) request.model();
    try (ModelFiles files = ModelFormats.open(checkpoint.path())) {
      return new CudaModelRunner(files, request.engine());
    }
  }
}
