package io.nightshift.job.bench;

import io.nightshift.runtime.bench.BenchmarkReport;
import io.nightshift.runtime.bench.EngineBenchmark;
import io.nightshift.runtime.bench.Measurement;
import io.nightshift.runtime.cuda.CudaModelRunner;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;
import java.util.Optional;

/** Measures the engine on the CUDA runner. Random weights are generated on the device. */
final class CudaBenchmark implements Benchmark {

  @Override
  public String run(Request request) {
    try (CudaModelRunner runner = runner(request)) {
      Measurement measurement =
          new EngineBenchmark(runner, runner.gemmFloor(), request.engine())
              .run(request.workload(), request.rows(), request.order());
      return new BenchmarkReport(
              request.workload(),
              request.model().shapeName(runner.config()),
              request.model().name(),
              request.engine().dtype().toString(),
              runner.deviceName(),
              request.order(),
              (long) runner.blockCount() * runner.blockSize(),
              runner.usedDeviceMemory(),
              measurement,
              Optional.empty())
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
