package io.nightshift.job.pipeline;

import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.input.InputFiles;
import io.nightshift.connectors.source.OutputColumn;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.options.JobSpecification.BodyAnswer;
import io.nightshift.job.options.JobSpecification.BodyPrompt;
import io.nightshift.job.options.ReasoningMode;
import io.nightshift.job.run.JobIdentity;
import io.nightshift.operators.infer.AnswerReasoning;
import io.nightshift.operators.openai.BodyAnswering;
import io.nightshift.operators.openai.BodyDefaults;
import io.nightshift.operators.openai.BodyPrompts;
import io.nightshift.operators.openai.RequestColumns;
import io.nightshift.operators.openai.ServedModel;
import io.nightshift.operators.render.MessageRole;
import io.nightshift.operators.tokenize.PromptLimit;
import io.nightshift.runtime.engine.HarmonyReasoning;
import io.nightshift.runtime.engine.RequestChecker;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Inspects the input and the model of a job whose rows are the lines of a batch file. */
final class BatchPreparation {
  private static final String LINE = "line";

  private final JobSpecification specification;
  private final DescribedModel model;
  private final BodyPrompt bodies;
  private final BodyAnswer answer;

  BatchPreparation(JobSpecification specification, DescribedModel model) {
    this.specification = specification;
    this.model = model;
    this.bodies = (BodyPrompt) specification.prompt();
    this.answer = (BodyAnswer) specification.answer();
  }

  /**
   * Prepares the job.
   *
   * @throws IllegalArgumentException if the model's chat template does not use a template option
   */
  PreparedJob prepare() throws IOException {
    try (Tokenizer tokenizer = model.tokenizer()) {
      return prepare(tokenizer);
    }
  }

  private PreparedJob prepare(Tokenizer tokenizer) throws IOException {
    BodyPrompts prompts = prompts(tokenizer);
    SpecialTokens tokens =
        new SpecialTokens(model.located().path(), model.description(), tokenizer);
    tokens.requireBeginning();
    prompts
        .renderer(model.description())
        .ifPresent(chat -> tokens.requireWritten(chat.specialTokens(List.of(MessageRole.USER))));
    InputFiles lines = InputFormats.inspectLines(specification, LINE);
    return new PreparedJob(
        specification,
        new PreparedInput(lines, requestColumns(), RequestColumns.SCHEMA, List.of(LINE)),
        prompts,
        new PreparedModel(model.located(), model.engines(), answering(tokenizer), promptLimit()),
        JobIdentity.of(specification, RequestColumns.SCHEMA, model.located().identity()));
  }

  private BodyPrompts prompts(Tokenizer tokenizer) {
    boolean opensAnswer =
        specification.reasoning().mode() == ReasoningMode.KEEP
            && HarmonyReasoning.find(tokenizer, 0).isPresent();
    return new BodyPrompts(
        new ServedModel(bodies.servedModelNames()),
        new BodyDefaults(
            specification.sampling(),
            answer.maxTokens().orElse(0),
            answer.embedding(),
            generates()),
        bodies.templateOptions(),
        JobPreparation.clock(),
        opensAnswer ? HarmonyReasoning.ANSWER_HEADER : "");
  }

  private boolean generates() {
    try (ModelFiles files = ModelFormats.open(model.located().path())) {
      return files.hasOutputProjection();
    } catch (ModelFormatException e) {
      throw new InvalidJobException(String.valueOf(e.getMessage()), e);
    }
  }

  private static InputColumns requestColumns() {
    return new InputColumns(
        RequestColumns.SCHEMA.getFields().stream()
            .map(field -> new OutputColumn(field.getName(), OutputColumn.Origin.FILE))
            .toList(),
        RequestColumns.SCHEMA);
  }

  private BodyAnswering answering(Tokenizer tokenizer) {
    @Nullable AnswerReasoning reasoning =
        ReasoningMarks.of(specification.reasoning(), model.description(), tokenizer).orElse(null);
    return new BodyAnswering(
        specification.sampling().seed(),
        reasoning == null ? null : reasoning.marks(),
        reasoning != null && reasoning.column(),
        specification.plan().shareDuplicates());
  }

  private PromptLimit promptLimit() {
    RequestChecker checker = model.engines().requestChecker(model.description().config());
    return PromptLimit.ofAnswered(checker, Optional.empty());
  }
}
