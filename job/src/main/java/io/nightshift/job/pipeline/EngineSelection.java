package io.nightshift.job.pipeline;

import io.nightshift.job.options.JobSpecification;
import io.nightshift.operators.infer.EngineFactory;
import java.nio.file.Path;

/** Chooses what makes the engines of a job's inference tasks. */
@FunctionalInterface
public interface EngineSelection {

  /**
   * @param modelPath model file or folder on this machine
   * @throws io.nightshift.job.options.InvalidJobException if there are no engines for the job
   */
  EngineFactory select(JobSpecification job, Path modelPath);
}
