package io.nightshift.job.bench;

import io.nightshift.job.options.DataType;
import io.nightshift.runtime.bench.BenchmarkReport;
import io.nightshift.runtime.bench.EngineBenchmark;
import io.nightshift.runtime.bench.Measurement;
import io.nightshift.runtime.cuda.CudaModelRunner;
import io.nightshift.runtime.cuda.CudaRunnerOptions;
import io.nightshift.runtime.cuda.CudaWeightType;
import io.nightshift.runtime.engine.EngineConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;

/** Measures the engine on the CUDA runner; random weights are made on the device. */
final class CudaBenchmark implements Benchmark {

  @Override
  public String run(Request request) {
    try (CudaModelRunner runner = runner(request)) {
      EngineConfig options =
          EngineConfig.defaults()
              .withMaxRunningSequences(request.engine().maxRunningSequences())
              .withMaxStepLogits(request.engine().maxRunningSequences());
      Measurement measurement =
          new EngineBenchmark(runner, runner.gemmFloor(), options)
              .run(request.workload(), request.rows(), request.order());
      return new BenchmarkReport(
              request.workload(),
              request.model().shapeName(runner.config()),
              request.model().name(),
              request.dtype().toString(),
              runner.deviceName(),
              request.order(),
              (long) runner.blockCount() * runner.blockSize(),
              runner.usedDeviceMemory(),
              measurement)
          .toJson();
    }
  }

  private static CudaModelRunner runner(Request request) {
    if (request.model() instanceof RandomWeights random) {
      ModelConfig config = random.shape().config();
      return CudaModelRunner.withRandomWeights(config, options(request, config));
    }
    Checkpoint checkpoint = (Checkpoint) request.model();
    try (ModelFiles files = ModelFormats.open(checkpoint.path())) {
      return new CudaModelRunner(files, options(request, files.config()));
    }
  }

  private static CudaRunnerOptions options(Request request, ModelConfig config) {
    CudaRunnerOptions options =
        CudaRunnerOptions.defaults()
            .withDevice(request.engine().gpu())
            .withWeightType(
                request.dtype() == DataType.FP8 ? CudaWeightType.FP8 : CudaWeightType.BF16)
            .withFp8KvCache(request.engine().fp8KeyValueCache())
            .withBlockSize(request.engine().blockSize())
            .withMaxStepTokens(request.engine().maxStepTokens());
    return request
        .engine()
        .keyValueCacheMemory()
        .map(memory -> options.withKvCacheMemory(config, memory.getBytes()))
        .orElse(options);
  }
}
