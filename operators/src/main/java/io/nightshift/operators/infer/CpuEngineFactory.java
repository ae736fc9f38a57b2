package io.nightshift.operators.infer;

import io.nightshift.operators.model.ModelSource;
import io.nightshift.runtime.cpu.CpuModelRunner;
import io.nightshift.runtime.cpu.CpuRunnerOptions;
import io.nightshift.runtime.cpu.WeightType;
import io.nightshift.runtime.engine.EngineConfig;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.RequestChecker;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.io.IOException;

/**
 * Engines on the CPU.
 *
 * @param model how the task's machine comes by the model
 * @param weightType precision of the weights
 * @param keyValueCacheBytes memory of the KV cache
 * @param memoryLimit most native memory of weights, KV cache and activations together
 * @param blockSize tokens of a KV cache block
 * @param maxStepTokens most tokens of a step
 * @param maxRunningSequences most rows answered at the same time
 * @param threads of the engine
 */
public record CpuEngineFactory(
    ModelSource model,
    WeightType weightType,
    long keyValueCacheBytes,
    long memoryLimit,
    int blockSize,
    int maxStepTokens,
    int maxRunningSequences,
    int threads)
    implements EngineFactory {

  @Override
  public TaskEngine create() throws IOException, InterruptedException {
    ModelFiles files = ModelFormats.open(model.complete());
    try {
      return create(files);
    } catch (RuntimeException | Error e) {
      files.close();
      throw e;
    }
  }

  private TaskEngine create(ModelFiles files) {
    Tokenizer tokenizer = Tokenizers.open(files.tokenizerSource());
    try {
      CpuModelRunner runner = new CpuModelRunner(files, runnerOptions(files.config()));
      return new TaskEngine(
          new LlmEngine(runner, tokenizer::decode, engineOptions()),
          () -> {
            tokenizer.close();
            files.close();
          });
    } catch (RuntimeException | Error e) {
      tokenizer.close();
      throw e;
    }
  }

  @Override
  public RequestChecker requestChecker(ModelConfig model) {
    return new RequestChecker(
        model.vocabularySize(),
        model.maxPositions(),
        runnerOptions(model).blockCount() * blockSize,
        Math.min(maxStepTokens, engineOptions().maxStepLogits()) - 1);
  }

  private EngineConfig engineOptions() {
    return EngineConfig.defaults()
        .withMaxRunningSequences(maxRunningSequences)
        .withSamplingThreads(threads);
  }

  private CpuRunnerOptions runnerOptions(ModelConfig config) {
    return CpuRunnerOptions.defaults()
        .withThreads(threads)
        .withBlockSize(blockSize)
        .withKvCacheMemory(config, keyValueCacheBytes)
        .withMaxStepTokens(maxStepTokens)
        .withMemoryLimit(memoryLimit)
        .withWeightType(weightType);
  }
}
