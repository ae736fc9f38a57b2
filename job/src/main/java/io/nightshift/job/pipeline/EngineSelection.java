package io.nightshift.job.pipeline;

import io.nightshift.job.options.JobSpecification;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.model.ModelSource;

/** Chooses the factory of the engines of a job's inference tasks. */
@FunctionalInterface
public interface EngineSelection {

  /**
   * @param model source of the job's model
   * @throws io.nightshift.job.options.InvalidJobException if there are no engines for the job
   */
  EngineFactory select(JobSpecification job, ModelSource model);
}
