package io.nightshift.job.pipeline;

import io.nightshift.connectors.input.InputFiles;
import io.nightshift.connectors.lease.Ownership;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.options.OutputOrder;
import io.nightshift.job.run.CompletePlan;
import io.nightshift.job.run.JobIdentity;
import io.nightshift.job.topology.AnswerFileFormat;
import io.nightshift.job.topology.InferJob;
import io.nightshift.job.topology.OrderJob;
import io.nightshift.job.topology.PlanJob;
import io.nightshift.job.topology.Prompts;
import io.nightshift.operators.infer.AnswerSchema;
import io.nightshift.operators.infer.Answering;
import io.nightshift.operators.infer.Inference;
import io.nightshift.operators.infer.OutputLayout;
import io.nightshift.operators.report.ErrorBound;
import io.nightshift.operators.tokenize.PromptSource;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.core.fs.Path;

/**
 * A job whose input and model have been inspected by {@link JobPreparation}. It gives each Flink
 * job of a run what that job needs of the job file.
 *
 * @param specification the validated job file
 * @param input files and columns
 * @param prompts where prompts come from
 * @param model and how it answers
 * @param identity everything besides the rows that the answers depend on
 */
record PreparedJob(
    JobSpecification specification,
    PreparedInput input,
    PromptSource prompts,
    PreparedModel model,
    JobIdentity identity) {

  /** Rows that wait in a task for each that can run, so that steps stay full. */
  private static final int LOOK_AHEAD = 2;

  /** The same job over some of the files. */
  PreparedJob over(InputFiles files) {
    return with(input.over(files));
  }

  /**
   * The same job, its output's schema what it was in earlier runs.
   *
   * @param plans of the earlier runs
   * @throws InvalidJobException naming a column whose type is incompatible with earlier runs
   */
  PreparedJob continuing(List<CompletePlan> plans) {
    return with(input.continuing(plans));
  }

  private PreparedJob with(PreparedInput other) {
    return new PreparedJob(specification, other, prompts, model, identity);
  }

  /**
   * Checks that the model has its weights, and that the kept columns can be written.
   *
   * @throws InvalidJobException if not
   */
  void requireAnswerable() {
    model.requireAnswerable();
    try {
      answerFiles().sink(Ownership.UNDISPUTED, specification.output().path());
    } catch (IllegalArgumentException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The job that plans the files of the input. */
  PlanJob planJob() {
    Prompts made =
        new Prompts(prompts, model.located().source(), input.columnsRead(), model.promptLimit());
    return new PlanJob(
        inputPath(),
        input.files(),
        made,
        input.keptSchema(),
        specification.plan().unitTokens(),
        model.answers().expectedTokens());
  }

  /**
   * The job that answers planned rows.
   *
   * @param ownership of the output
   * @param folders where answers go, and rows with an error if they go elsewhere
   */
  InferJob inferJob(Ownership ownership, List<Path> folders) {
    JobSpecification.Engine engine = specification.engine();
    Inference inference =
        new Inference(
            model.engines(),
            model.answers(),
            input.keptSchema(),
            outputForm(specification),
            LOOK_AHEAD);
    return new InferJob(inputPath(), inference, engine.slot(), answerFiles(), ownership, folders);
  }

  /**
   * The job that brings answered rows into the input's order.
   *
   * @param ownership of the output
   */
  OrderJob orderJob(Ownership ownership) {
    return new OrderJob(inputPath(), answerFiles(), ownership);
  }

  /** How answers are written. */
  AnswerFileFormat answerFiles() {
    Schema schema = outputSchema(input.keptSchema(), model.answers(), outputForm(specification));
    return AnswerFileFormat.of(schema, specification.output());
  }

  private String inputPath() {
    return specification.input().path().toString();
  }

  /** The schema of answered rows. */
  static Schema outputSchema(Schema keptSchema, Answering answers, OutputLayout form) {
    return AnswerSchema.outputSchema(keptSchema, answers.columns(form.sourceColumns()));
  }

  /** Rows that have to be sorted keep their source columns until they are. */
  static OutputLayout outputForm(JobSpecification specification) {
    return new OutputLayout(
        specification.output().sourceColumns()
            || specification.output().order() == OutputOrder.INPUT,
        specification.errors().path().isPresent());
  }

  /**
   * The bound on rows with an error, none of which is known yet.
   *
   * @param rows that the bound is for
   */
  ErrorBound errorBound(long rows) {
    JobSpecification.Errors errors = specification.errors();
    return ErrorBound.of(errors.maxFraction(), errors.maxRows().orElse(Long.MAX_VALUE), rows);
  }
}
