package io.nightshift.job.bench;

import io.nightshift.job.options.DataType;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.runtime.bench.BenchmarkReport;
import io.nightshift.runtime.bench.EngineBenchmark;
import io.nightshift.runtime.bench.Measurement;
import io.nightshift.runtime.bench.ProcessMemory;
import io.nightshift.runtime.bench.RandomModelFiles;
import io.nightshift.runtime.cpu.CpuModelRunner;
import io.nightshift.runtime.cpu.CpuRunnerOptions;
import io.nightshift.runtime.cpu.WeightType;
import io.nightshift.runtime.engine.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;
import org.apache.flink.configuration.MemorySize;

/** Measures the engine on the CPU runner. */
final class CpuBenchmark implements Benchmark {

  @Override
  public String run(Request request) {
    CpuRunnerOptions defaults = CpuRunnerOptions.defaults();
    try (ModelFiles files = open(request.model());
        CpuModelRunner runner =
            new CpuModelRunner(files, runnerOptions(defaults, request, files.config()))) {
      EngineConfig options =
          EngineConfig.defaults()
              .withMaxRunningSequences(request.engine().maxRunningSequences())
              .withSamplingThreads(request.engine().threads().orElse(defaults.threads()));
      Measurement measurement =
          new EngineBenchmark(runner, runner.gemmFloor(), options)
              .run(request.workload(), request.rows(), request.order());
      return new BenchmarkReport(
              request.workload(),
              request.model().shapeName(files.config()),
              request.model().name(),
              request.dtype().toString(),
              request.device().toString(),
              request.order(),
              (long) runner.blockCount() * runner.blockSize(),
              ProcessMemory.peakBytes(),
              measurement)
          .toJson();
    }
  }

  private static ModelFiles open(Model model) {
    if (model instanceof Checkpoint checkpoint) {
      return ModelFormats.open(checkpoint.path());
    }
    RandomWeights random = (RandomWeights) model;
    return new RandomModelFiles("random " + random.shape(), random.shape().config());
  }

  private static CpuRunnerOptions runnerOptions(
      CpuRunnerOptions defaults, Request request, ModelConfig config) {
    JobSpecification.Engine engine = request.engine();
    return defaults
        .withThreads(engine.threads().orElse(defaults.threads()))
        .withBlockSize(engine.blockSize())
        .withKvCacheMemory(config, engine.keyValueCacheMemory().orElseThrow().getBytes())
        .withMaxStepTokens(engine.maxStepTokens())
        .withMemoryLimit(
            engine.memoryLimit().map(MemorySize::getBytes).orElse(defaults.memoryLimit()))
        .withWeightType(request.dtype() == DataType.BF16 ? WeightType.BF16 : WeightType.F32);
  }
}
