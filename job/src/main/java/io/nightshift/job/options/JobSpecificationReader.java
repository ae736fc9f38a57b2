package io.nightshift.job.options;

import io.nightshift.job.options.JobSpecification.Answer;
import io.nightshift.job.options.JobSpecification.ChatPrompt;
import io.nightshift.job.options.JobSpecification.Engine;
import io.nightshift.job.options.JobSpecification.Input;
import io.nightshift.job.options.JobSpecification.Model;
import io.nightshift.job.options.JobSpecification.Output;
import io.nightshift.job.options.JobSpecification.Prompt;
import io.nightshift.job.options.JobSpecification.Slot;
import io.nightshift.job.options.JobSpecification.TextPrompt;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.flink.configuration.ConfigOption;
import org.apache.flink.configuration.MemorySize;

/** Reads a {@link JobSpecification} from settings, with every check that needs no file access. */
final class JobSpecificationReader {
  private final JobSettings settings;
  private final Checks checks;

  JobSpecificationReader(JobSettings settings) {
    this.settings = settings;
    this.checks = new Checks(settings);
  }

  JobSpecification read() {
    Input input = new Input(checks.path(InputOptions.PATH, settings.require(InputOptions.PATH)));
    Model model = new ModelReader(settings, checks).model();
    Prompt prompt = prompt();
    AnswerReader answers = new AnswerReader(settings, checks);
    Answer answer = answers.answer();
    SamplingParameters sampling = answers.sampling(answer);
    OutputReader outputs = new OutputReader(settings, checks);
    Output output = outputs.output();
    return new JobSpecification(
        input,
        model,
        prompt,
        answer,
        sampling,
        output,
        outputs.errors(),
        engine(model.device()),
        outputs.plan(output));
  }

  private Prompt prompt() {
    Optional<String> text = settings.find(PromptOptions.TEXT);
    checks.exclusive(PromptOptions.TEXT, PromptOptions.USER);
    checks.exclusive(PromptOptions.TEXT, PromptOptions.SYSTEM);
    if (text.isPresent()) {
      return new TextPrompt(text.get());
    }
    return new ChatPrompt(
        settings.find(PromptOptions.SYSTEM), settings.require(PromptOptions.USER));
  }

  Engine engine(Device device) {
    EngineDefaults defaults = EngineDefaults.of(device);
    int blockSize = checks.between(EngineOptions.BLOCK_SIZE, 4, 256);
    if (Integer.bitCount(blockSize) != 1) {
      throw settings.error(
          EngineOptions.BLOCK_SIZE, "is " + blockSize + ", but must be a power of two");
    }
    Optional<Integer> threads = settings.find(EngineOptions.THREADS);
    if (threads.isPresent()) {
      checks.between(EngineOptions.THREADS, 1, 4096);
    }
    if (settings.get(EngineOptions.FP8_KV_CACHE) && device != Device.CUDA) {
      throw settings.error(EngineOptions.FP8_KV_CACHE, "needs model.device cuda");
    }
    return new Engine(
        keyValueCacheMemory().or(defaults::keyValueCacheMemory),
        settings.find(EngineOptions.MEMORY_LIMIT),
        settings.get(EngineOptions.FP8_KV_CACHE),
        checks.between(EngineOptions.GPU, 0, 1023),
        blockSize,
        settings.find(EngineOptions.MAX_STEP_TOKENS).isPresent()
            ? checks.between(EngineOptions.MAX_STEP_TOKENS, 1, 1 << 20)
            : defaults.maxStepTokens(),
        settings.find(EngineOptions.MAX_RUNNING_SEQUENCES).isPresent()
            ? checks.between(EngineOptions.MAX_RUNNING_SEQUENCES, 1, 1 << 16)
            : defaults.maxRunningSequences(),
        threads.map(OptionalInt::of).orElse(OptionalInt.empty()),
        slot(device));
  }

  private Optional<Slot> slot(Device device) {
    Optional<Double> cores = settings.find(EngineOptions.SLOT_CPU_CORES);
    Optional<MemorySize> heap = settings.find(EngineOptions.SLOT_HEAP_MEMORY);
    Optional<MemorySize> offHeap = settings.find(EngineOptions.SLOT_OFF_HEAP_MEMORY);
    if (cores.isEmpty() && heap.isEmpty() && offHeap.isEmpty()) {
      return Optional.empty();
    }
    requirePart(EngineOptions.SLOT_CPU_CORES, cores);
    return Optional.of(
        new Slot(
            checks.positive(EngineOptions.SLOT_CPU_CORES, 4096),
            requirePart(EngineOptions.SLOT_HEAP_MEMORY, heap),
            requirePart(EngineOptions.SLOT_OFF_HEAP_MEMORY, offHeap),
            device == Device.CUDA ? 1 : 0));
  }

  private <T> T requirePart(ConfigOption<T> option, Optional<T> value) {
    return value.orElseThrow(
        () -> settings.error(option, "is missing: the three options of a slot go together"));
  }

  private Optional<MemorySize> keyValueCacheMemory() {
    return settings.find(EngineOptions.KV_CACHE_MEMORY).isPresent()
        ? Optional.of(checks.atLeast(EngineOptions.KV_CACHE_MEMORY, MemorySize.ofMebiBytes(1)))
        : Optional.empty();
  }
}
