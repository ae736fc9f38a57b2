package io.nightshift.job.options;

import io.nightshift.job.options.JobSpecification.Answer;
import io.nightshift.job.options.JobSpecification.ChatPrompt;
import io.nightshift.job.options.JobSpecification.Input;
import io.nightshift.job.options.JobSpecification.MessagesPrompt;
import io.nightshift.job.options.JobSpecification.Model;
import io.nightshift.job.options.JobSpecification.Output;
import io.nightshift.job.options.JobSpecification.Prompt;
import io.nightshift.job.options.JobSpecification.TextPrompt;
import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.Optional;

/** Reads a {@link JobSpecification} from settings, with every check that needs no file access. */
final class JobSpecificationReader {
  private final JobSettings settings;
  private final Checks checks;

  JobSpecificationReader(JobSettings settings) {
    this.settings = settings;
    this.checks = new Checks(settings);
  }

  JobSpecification read() {
    Input input =
        new Input(
            checks.path(InputOptions.PATH, settings.require(InputOptions.PATH)),
            settings.get(InputOptions.FORMAT));
    ModelSpecification model = model();
    OutputReader outputs = new OutputReader(settings, checks);
    Output output = outputs.output(model.answer());
    return new JobSpecification(
        input,
        model.model(),
        model.prompt(),
        model.answer(),
        model.reasoning(),
        model.sampling(),
        output,
        outputs.errors(),
        model.engine(),
        outputs.plan(output),
        new EvaluateReader(settings).evaluation(model.answer()),
        new CostReader(settings, checks).prices(),
        settings.given());
  }

  /** Reads what does not concern the rows. */
  ModelSpecification model() {
    ModelReader models = new ModelReader(settings, checks);
    Model model = models.model();
    DataType dtype = settings.get(ModelOptions.DTYPE);
    Device device = models.device(dtype);
    Prompt prompt = prompt();
    AnswerReader answers = new AnswerReader(settings, checks);
    Answer answer = answers.answer();
    SamplingParameters sampling = answers.sampling(answer);
    return new ModelSpecification(
        model,
        prompt,
        answer,
        new ReasoningReader(settings, checks).reasoning(answer, sampling.maxTokens()),
        sampling,
        new EngineReader(settings, checks).engine(device, dtype));
  }

  private Prompt prompt() {
    Optional<String> text = settings.find(PromptOptions.TEXT);
    checks.exclusive(PromptOptions.TEXT, PromptOptions.USER);
    checks.exclusive(PromptOptions.TEXT, PromptOptions.SYSTEM);
    checks.exclusive(PromptOptions.TEXT, PromptOptions.TEMPLATE_OPTIONS);
    checks.exclusive(PromptOptions.TEXT, PromptOptions.MESSAGES);
    checks.exclusive(PromptOptions.MESSAGES, PromptOptions.USER);
    checks.exclusive(PromptOptions.MESSAGES, PromptOptions.SYSTEM);
    if (text.isPresent()) {
      return new TextPrompt(text.get());
    }
    Optional<String> messages = settings.find(PromptOptions.MESSAGES);
    if (messages.isPresent()) {
      return new MessagesPrompt(messages.get(), settings.values(PromptOptions.TEMPLATE_OPTIONS));
    }
    return new ChatPrompt(
        settings.find(PromptOptions.SYSTEM),
        settings.require(PromptOptions.USER),
        settings.values(PromptOptions.TEMPLATE_OPTIONS));
  }
}
