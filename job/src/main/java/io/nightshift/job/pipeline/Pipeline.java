package io.nightshift.job.pipeline;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.progress.PlanReport;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.run.JobFailedException;

/** Does a job: the way of its rows from source to sink. */
public interface Pipeline {

  /** What a run does about answers that are there. */
  enum Start {
    /** Goes on with them: only rows without an answer are asked. */
    CONTINUE,
    /** Leaves them alone, and writes all answers to a new folder beside them. */
    FRESH
  }

  /**
   * Plans what is new of the input and answers every row that has no answer yet.
   *
   * @param progress is to follow the run from its first moment on
   * @throws InvalidJobException if the job asks for what is not there: a column, say
   * @throws JobFailedException if more rows failed than the job tolerates
   * @throws Exception if the run failed otherwise; the innermost message is shown to the user
   */
  RunReport run(JobSpecification job, Start start, ProgressDisplay progress) throws Exception;

  /**
   * Plans the job only: what it has to do, and what of it is shared. Needs the model's tokenizer,
   * not its weights.
   *
   * @throws InvalidJobException if the job asks for what is not there
   * @throws Exception if planning failed otherwise; the innermost message is shown to the user
   */
  PlanReport plan(JobSpecification job, ProgressDisplay progress) throws Exception;
}
