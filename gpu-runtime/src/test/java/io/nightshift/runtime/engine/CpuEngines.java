package io.nightshift.runtime.engine;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cpu.CpuModelRunner;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * A model on the CPU in f32, and any number of engines over it, one after the other. An engine
 * begins with an empty prefix cache, over blocks that still hold what the one before it computed.
 */
final class CpuEngines implements AutoCloseable {

  private static final int BLOCK_SIZE = 16;

  private final ModelFiles files;
  private final Tokenizer tokenizer;
  private final CpuModelRunner runner;
  private final Map<List<String>, Choices> choices = new HashMap<>();

  CpuEngines(Path model, int kvCacheTokens) {
    files = ModelFormats.open(model);
    tokenizer = Tokenizers.open(files.tokenizerSource());
    runner =
        new CpuModelRunner(
            files,
            EngineConfig.cpu()
                .withDtype(DataType.F32)
                .withThreads(2)
                .withBlockSize(BLOCK_SIZE)
                .withKvCacheTokens(kvCacheTokens)
                .withMaxStepTokens(512));
  }

  Tokenizer tokenizer() {
    return tokenizer;
  }

  Set<Integer> endOfSequenceTokens() {
    return files.config().endOfSequenceTokens();
  }

  int vocabularySize() {
    return files.config().vocabularySize();
  }

  /** Choices tokenized for this model; one object for the same texts, as in a job. */
  Choices choices(List<String> texts) {
    int endOfTurn = files.config().endOfSequenceTokens().iterator().next();
    return choices.computeIfAbsent(
        texts, key -> Choices.of(key, tokenizer, () -> endOfTurn, false));
  }

  /** The completions of a fresh engine, by the requests' ids. */
  Map<Long, Completion> answer(List<Request> requests, EngineConfig options) {
    Map<Long, Completion> completions = new TreeMap<>();
    ModelRunner kept = new KeptRunner(runner);
    try (LlmEngine engine = new LlmEngine(kept, tokenizer::decode, options)) {
      requests.forEach(engine::add);
      while (engine.hasUnfinished()) {
        engine.step().forEach(completion -> completions.put(completion.id(), completion));
      }
    }
    return completions;
  }

  /** Logits behind a prompt, without an engine: the whole prompt in one step. */
  float[] logits(int[] prompt) {
    int[] blocks = IntStream.range(0, runner.blockCount()).toArray();
    StepSequence sequence = new StepSequence(prompt, prompt.length, blocks, null);
    LogitsRequest last = new LogitsRequest(prompt.length - 1, null);
    Logits logits = runner.run(new StepBatch(List.of(sequence), List.of(), List.of(last)));
    float[] row = new float[logits.columns(0)];
    logits.read(0, row);
    return row;
  }

  @Override
  public void close() {
    runner.close();
    tokenizer.close();
    files.close();
  }

  /** The runner, left open by the engines that use it. */
  private static final class KeptRunner extends ForwardingModelRunner {

    KeptRunner(CpuModelRunner runner) {
      super(runner);
    }

    @Override
    public void close() {}
  }
}
