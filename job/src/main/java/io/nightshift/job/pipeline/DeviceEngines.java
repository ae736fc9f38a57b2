package io.nightshift.job.pipeline;

import io.nightshift.job.options.JobSpecification;
import io.nightshift.operators.infer.CpuEngineFactory;
import io.nightshift.operators.infer.CudaEngineFactory;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.model.ModelSource;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.config.GpuSelection;

/** Engines that run the model of the job on the device of the job, or of their TaskManager. */
public final class DeviceEngines implements EngineSelection {

  @Override
  public EngineFactory select(JobSpecification job, ModelSource model) {
    JobSpecification.Engine engine = job.engine();
    return new TaskManagerEngines(model, engine.config(), engine.gpus(), engine.mixedDevices());
  }

  /** The factory of a model's engines on the device that {@code engine} says. */
  public static EngineFactory of(JobSpecification.Engine engine, ModelSource model) {
    return of(model, engine.config(), engine.gpus());
  }

  static EngineFactory of(ModelSource model, EngineConfig config, GpuSelection gpus) {
    return switch (config.device()) {
      case CPU -> new CpuEngineFactory(model, config);
      case CUDA -> new CudaEngineFactory(model, config, gpus);
    };
  }
}
