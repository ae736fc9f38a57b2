package io.nightshift.job.pipeline;

import io.nightshift.job.options.DataType;
import io.nightshift.job.options.Device;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.operators.infer.CpuEngineFactory;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.runtime.cpu.WeightType;
import java.nio.file.Path;
import org.apache.flink.configuration.MemorySize;

/** Engines that run the job's model on the job's device. */
public final class DeviceEngines implements EngineSelection {

  @Override
  public EngineFactory select(JobSpecification job, Path modelPath) {
    if (job.model().device() != Device.CPU) {
      throw new InvalidJobException("this build has no CUDA runner; set model.device to cpu");
    }
    JobSpecification.Engine engine = job.engine();
    return new CpuEngineFactory(
        modelPath.toString(),
        job.model().dtype() == DataType.F32 ? WeightType.F32 : WeightType.BF16,
        engine.keyValueCacheMemory().getBytes(),
        engine.memoryLimit().map(MemorySize::getBytes).orElse(Long.MAX_VALUE),
        engine.blockSize(),
        engine.maxStepTokens(),
        engine.maxRunningSequences(),
        engine.threads().orElse(Runtime.getRuntime().availableProcessors()));
  }
}
