package io.nightshift.operators.infer;

import io.nightshift.runtime.cpu.CpuModelRunner;
import io.nightshift.runtime.cpu.CpuRunnerOptions;
import io.nightshift.runtime.engine.EngineOptions;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.nio.file.Path;

/**
 * Engines on the CPU.
 *
 * @param modelPath model file or folder on the task's machine
 * @param keyValueCacheBytes memory of the KV cache
 * @param blockSize tokens of a KV cache block
 * @param maxStepTokens most tokens of a step
 * @param maxRunningSequences most rows answered at the same time
 * @param threads of the engine
 */
public record CpuEngineFactory(
    String modelPath,
    long keyValueCacheBytes,
    int blockSize,
    int maxStepTokens,
    int maxRunningSequences,
    int threads)
    implements EngineFactory {

  @Override
  public LlmEngine create() {
    try (ModelFiles model = ModelFormats.open(Path.of(modelPath))) {
      CpuRunnerOptions options =
          CpuRunnerOptions.defaults()
              .withThreads(threads)
              .withBlockSize(blockSize)
              .withKvCacheTokens(keyValueCacheBytes / bytesOfToken(model.config()))
              .withMaxStepTokens(maxStepTokens);
      Tokenizer tokenizer = Tokenizers.open(model.tokenizerSource());
      return new LlmEngine(
          new CpuModelRunner(model, options),
          tokenizer::decode,
          EngineOptions.defaults()
              .withMaxRunningSequences(maxRunningSequences)
              .withSamplingThreads(threads));
    }
  }

  /** Keys and values of one token in f32, which is what the CPU runner keeps. */
  private static long bytesOfToken(ModelConfig config) {
    return 2L * config.layers() * config.keyValueHeads() * config.headSize() * Float.BYTES;
  }
}
