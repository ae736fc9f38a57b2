package io.nightshift.job.pipeline;

import io.nightshift.job.options.DataType;
import io.nightshift.job.options.Device;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.operators.infer.CpuEngineFactory;
import io.nightshift.operators.infer.CudaEngineFactory;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.model.ModelSource;
import io.nightshift.runtime.cpu.WeightType;
import io.nightshift.runtime.cuda.CudaWeightType;
import org.apache.flink.configuration.MemorySize;

/** Engines that run the job's model on the job's device. */
public final class DeviceEngines implements EngineSelection {

  @Override
  public EngineFactory select(JobSpecification job, ModelSource model) {
    JobSpecification.Engine engine = job.engine();
    if (job.model().device() == Device.CUDA) {
      return new CudaEngineFactory(
          model,
          engine.gpu(),
          job.model().dtype() == DataType.FP8 ? CudaWeightType.FP8 : CudaWeightType.BF16,
          engine.fp8KeyValueCache(),
          engine.keyValueCacheMemory().map(MemorySize::getBytes).orElse(0L),
          engine.blockSize(),
          engine.maxStepTokens(),
          engine.maxRunningSequences());
    }
    return new CpuEngineFactory(
        model,
        job.model().dtype() == DataType.F32 ? WeightType.F32 : WeightType.BF16,
        engine.keyValueCacheMemory().orElseThrow().getBytes(),
        engine.memoryLimit().map(MemorySize::getBytes).orElse(Long.MAX_VALUE),
        engine.blockSize(),
        engine.maxStepTokens(),
        engine.maxRunningSequences(),
        engine.threads().orElse(Runtime.getRuntime().availableProcessors()));
  }
}
