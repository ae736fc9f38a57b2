package io.nightshift.job.pipeline;

import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.input.InputFiles;
import io.nightshift.job.hub.LocatedModel;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.run.JobIdentity;
import io.nightshift.job.run.KeptColumns;
import io.nightshift.operators.infer.AnswerSpecification;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.render.MessagesColumn;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Inspects a job's input and model: files and columns exist, the model opens, the templates parse
 * and the choices have tokens. Nothing is computed yet, so whatever is wrong so far costs no GPU
 * time.
 */
final class JobPreparation {
  private final JobSpecification specification;
  private final LocatedModel located;
  private final EngineFactory engines;

  private JobPreparation(
      JobSpecification specification, LocatedModel located, EngineSelection selection) {
    this.specification = specification;
    this.located = located;
    engines = selection.select(specification, located.source());
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
    return new JobPreparation(specification, located, selection).prepare();
  }

  private PreparedJob prepare() {
    try {
      InputFiles files = InputFormats.inspect(specification.input());
      PreparedModel model =
          ModelPreparation.prepare(
              specification.answering(),
              specification.plan().shareDuplicates(),
              located,
              engines,
              files.columnNames());
      PreparedInput input = input(files, model.columns(), model.answer());
      JobIdentity identity = JobIdentity.of(specification, input.keptSchema(), located.identity());
      return new PreparedJob(specification, input, model, identity);
    } catch (IOException | IllegalArgumentException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  private PreparedInput input(
      InputFiles files, Set<String> templateColumns, AnswerSpecification answer)
      throws IOException {
    Optional<List<String>> named = specification.output().columns();
    InputColumns kept = named.isPresent() ? files.select(named.get()) : files.select();
    Schema keptSchema = KeptColumns.of(kept);
    // Fails on a kept column that has the name of an answer's column.
    PreparedJob.outputSchema(keptSchema, answer, PreparedJob.outputForm(specification));
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
}
