package io.nightshift.job.bench;

import io.nightshift.runtime.bench.BenchmarkReport;
import io.nightshift.runtime.bench.EngineBenchmark;
import io.nightshift.runtime.bench.ProcessMemory;
import io.nightshift.runtime.cpu.CpuModelRunner;
import io.nightshift.runtime.energy.RaplEnergyCounter;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.model.random.RandomModelFiles;
import java.util.List;

/** Measures the engine on the CPU runner. */
final class CpuBenchmark implements Benchmark {

  @Override
  public String run(Request request) {
    try (ModelFiles files = open(request.model());
        CpuModelRunner runner = new CpuModelRunner(files, request.engine())) {
      WorkloadRun run =
          WorkloadRun.of(
              request,
              new EngineBenchmark(
                  runner, runner.gemmFloor(), request.engine(), RaplEnergyCounter.ofThisHost()),
              files.config());
      return new BenchmarkReport(
              request.workload(),
              request.model().shapeName(files.config()),
              request.model().name(),
              request.engine().dtype().toString(),
              request.engine().device().toString(),
              request.engine().tensorParallel(),
              request.order(),
              (long) runner.blockCount() * runner.blockSize(),
              ProcessMemory.peakBytes(),
              run.measurement(),
              List.of(),
              run.constrained())
          .toJson();
    }
  }

  private static ModelFiles open(Model model) {
    if (model instanceof Checkpoint checkpoint) {
      return ModelFormats.open(checkpoint.path());
    }
    RandomWeights random = (RandomWeights) model;
    return new RandomModelFiles(
        "random " + random.shape(), random.shape().config(), random.quantization().encodings());
  }
}
