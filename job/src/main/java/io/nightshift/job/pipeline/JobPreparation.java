package io.nightshift.job.pipeline;

import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.input.InputFiles;
import io.nightshift.job.hub.LocatedModel;
import io.nightshift.job.options.EvaluateOptions;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.report.evaluation.Evaluation;
import io.nightshift.job.run.JobIdentity;
import io.nightshift.job.run.KeptColumns;
import io.nightshift.operators.infer.Answering;
import io.nightshift.operators.jinja.TemplateSyntaxException;
import io.nightshift.operators.render.MessagesColumn;
import io.nightshift.operators.tokenize.TemplatePrompts;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Inspects a job's input and model: files and columns exist, the model opens, the templates parse
 * and the choices have tokens. Nothing is computed yet, so whatever is wrong so far costs no GPU
 * time.
 */
final class JobPreparation {
  private final JobSpecification specification;
  private final DescribedModel described;

  private JobPreparation(JobSpecification specification, DescribedModel described) {
    this.specification = specification;
    this.described = described;
  }

  /**
   * Inspects a job's input and model.
   *
   * @param located the job's model
   * @param selection chooses the job's engines
   * @throws InvalidJobException if something that the job names is not there, or does not fit
   */
  static PreparedJob prepare(
      JobSpecification specification, LocatedModel located, EngineSelection selection) {
    DescribedModel described =
        DescribedModel.of(located, selection.select(specification, located.source()));
    try {
      return specification.prompt() instanceof JobSpecification.BodyPrompt
          ? new BatchPreparation(specification, described).prepare()
          : new JobPreparation(specification, described).prepare();
    } catch (IOException | TemplateSyntaxException | IllegalArgumentException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  /** The same time for all rows of a run, lest prompts stop sharing their prefix at midnight. */
  static Clock clock() {
    return Clock.fixed(Instant.now(), ZoneId.systemDefault());
  }

  private PreparedJob prepare() throws IOException {
    InputFiles files = InputFormats.inspect(specification);
    TemplatedModel templated =
        ModelPreparation.prepare(
            specification.answering(),
            specification.plan().shareDuplicates(),
            described,
            files.columnNames());
    PreparedInput input = input(files, templated.columns(), templated.answer());
    JobIdentity identity =
        JobIdentity.of(specification, input.keptSchema(), described.located().identity());
    return new PreparedJob(
        specification,
        input,
        new TemplatePrompts(templated.prompt(), clock()),
        templated.model(),
        identity);
  }

  private PreparedInput input(InputFiles files, Set<String> templateColumns, Answering answers)
      throws IOException {
    requireTruth(files);
    InputColumns kept = kept(files);
    Schema keptSchema = KeptColumns.of(kept);
    // Fails on a kept column that has the name of an answer's column.
    PreparedJob.outputSchema(keptSchema, answers, PreparedJob.outputForm(specification));
    Set<String> columns = new LinkedHashSet<>();
    keptSchema.getFields().forEach(field -> columns.add(field.getName()));
    columns.addAll(templateColumns);
    List<String> columnsRead = List.copyOf(columns);
    Schema read = files.select(columnsRead).schema(); // Fails on a column that cannot be read.
    if (specification.prompt() instanceof JobSpecification.MessagesPrompt prompt) {
      MessagesColumn.requireType(read.findField(prompt.column()));
    }
    return new PreparedInput(files, kept, keptSchema, columnsRead);
  }

  private InputColumns kept(InputFiles files) throws IOException {
    Optional<List<String>> named = specification.output().columns();
    if (named.isEmpty()) {
      return files.select();
    }
    return files.select(
        Stream.concat(named.get().stream(), specification.addedColumn().stream()).toList());
  }

  private void requireTruth(InputFiles files) {
    specification
        .evaluation()
        .ifPresent(
            evaluation -> {
              try {
                Evaluation.requireType(files.field(evaluation.column()));
              } catch (IOException e) {
                throw new InvalidJobException(
                    EvaluateOptions.COLUMN.key() + ": " + e.getMessage(), e);
              }
            });
  }
}
