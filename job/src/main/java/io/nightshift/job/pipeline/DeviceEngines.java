package io.nightshift.job.pipeline;

import io.nightshift.job.options.JobSpecification;
import io.nightshift.operators.infer.CpuEngineFactory;
import io.nightshift.operators.infer.CudaEngineFactory;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.model.ModelSource;
import io.nightshift.runtime.config.EngineConfig;

/** Engines that run the model of the job on the device of the job. */
public final class DeviceEngines implements EngineSelection {

  @Override
  public EngineFactory select(JobSpecification job, ModelSource model) {
    return of(job.engine(), model);
  }

  /** The factory of a model's engines. */
  public static EngineFactory of(JobSpecification.Engine engine, ModelSource model) {
    EngineConfig config = engine.config();
    return switch (config.device()) {
      case CPU -> new CpuEngineFactory(model, config);
      case CUDA -> new CudaEngineFactory(model, config, engine.gpus());
    };
  }
}
