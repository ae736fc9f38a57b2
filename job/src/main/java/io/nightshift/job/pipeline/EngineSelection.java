package io.nightshift.job.pipeline;

import io.nightshift.job.options.JobSpecification;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.model.ModelSource;

/** Chooses what makes the engines of a job's inference tasks. */
@FunctionalInterface
public interface EngineSelection {

  /**
   * @param model of the job
   * @throws io.nightshift.job.options.InvalidJobException if there are no engines for the job
   */
  EngineFactory select(JobSpecification job, ModelSource model);
}
