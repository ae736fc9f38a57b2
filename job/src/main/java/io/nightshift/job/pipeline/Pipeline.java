package io.nightshift.job.pipeline;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.progress.PlanReport;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.run.JobFailedException;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

/** Executes jobs. */
public interface Pipeline {

  /** What a run does if answers exist already. */
  enum Start {
    /** Resumes: only rows without an answer are processed. */
    CONTINUE,
    /** Keeps them, and writes all answers to a new folder beside them. */
    FRESH
  }

  /**
   * Plans the new files of the input and answers every row that has no answer yet.
   *
   * @param progress follows the run from its start
   * @throws InvalidJobException if the job names something that does not exist, for example a
   *     column
   * @throws JobFailedException if more rows failed than the job tolerates
   * @throws Exception if the run failed otherwise; the innermost message is shown to the user
   */
  RunReport run(JobSpecification job, Start start, ProgressDisplay progress) throws Exception;

  /**
   * Only plans the job: what has to be computed, and what is shared. Needs the model's tokenizer,
   * not its weights.
   *
   * @param measured output or record of a run, by whose energy and time the job's are estimated;
   *     empty for the last run of the job's own output, if there is one
   * @throws InvalidJobException if the job names something that does not exist
   * @throws Exception if planning failed otherwise; the innermost message is shown to the user
   */
  PlanReport plan(JobSpecification job, Optional<Path> measured, ProgressDisplay progress)
      throws Exception;
}
