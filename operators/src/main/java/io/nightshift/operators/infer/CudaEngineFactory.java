package io.nightshift.operators.infer;

import io.nightshift.operators.model.ModelSource;
import io.nightshift.runtime.cuda.CudaModelRunner;
import io.nightshift.runtime.cuda.CudaRunnerOptions;
import io.nightshift.runtime.cuda.CudaWeightType;
import io.nightshift.runtime.engine.EngineConfig;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.RequestChecker;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.io.IOException;
import java.util.List;

/**
 * Engines on an NVIDIA GPU. A task holds its GPU alone: a second engine on it is refused.
 *
 * @param model how the task's machine comes by the model
 * @param device number of the GPU, where Flink has not given the TaskManager some of its own
 * @param weightType precision of the weights
 * @param fp8KeyValueCache whether keys and values are kept in 8 bits
 * @param keyValueCacheBytes memory of the KV cache; 0 for all that is free
 * @param blockSize tokens of a KV cache block
 * @param maxStepTokens most tokens of a step
 * @param maxRunningSequences most rows answered at the same time
 */
public record CudaEngineFactory(
    ModelSource model,
    int device,
    CudaWeightType weightType,
    boolean fp8KeyValueCache,
    long keyValueCacheBytes,
    int blockSize,
    int maxStepTokens,
    int maxRunningSequences)
    implements EngineFactory {

  @Override
  public TaskEngine create() throws IOException, InterruptedException {
    return create(device);
  }

  @Override
  public TaskEngine create(List<Integer> gpus) throws Exception {
    return TaskGpus.onFreeOne(gpus, this::create);
  }

  private TaskEngine create(int gpu) throws IOException, InterruptedException {
    try (ModelFiles files = ModelFormats.open(model.complete())) {
      Tokenizer tokenizer = Tokenizers.open(files.tokenizerSource());
      try {
        CudaModelRunner runner =
            new CudaModelRunner(files, runnerOptions(files.config()).withDevice(gpu));
        return new TaskEngine(
            new LlmEngine(runner, tokenizer::decode, engineOptions()), tokenizer::close);
      } catch (RuntimeException | Error e) {
        tokenizer.close();
        throw e;
      }
    }
  }

  @Override
  public void requireDevice() {
    CudaModelRunner.requireDevice(device);
  }

  /** Where the KV cache takes what is free, only the engine knows how much that is. */
  @Override
  public RequestChecker requestChecker(ModelConfig model) {
    return new RequestChecker(
        model.vocabularySize(),
        model.maxPositions(),
        (int)
            Math.min(
                Integer.MAX_VALUE, runnerOptions(model).kvCacheTokens().orElse(Long.MAX_VALUE)),
        Math.min(maxStepTokens, engineOptions().maxStepLogits()) - 1);
  }

  private EngineConfig engineOptions() {
    return EngineConfig.defaults()
        .withMaxRunningSequences(maxRunningSequences)
        .withMaxStepLogits(maxRunningSequences);
  }

  private CudaRunnerOptions runnerOptions(ModelConfig model) {
    CudaRunnerOptions options =
        CudaRunnerOptions.defaults()
            .withDevice(device)
            .withWeightType(weightType)
            .withFp8KvCache(fp8KeyValueCache)
            .withBlockSize(blockSize)
            .withMaxStepTokens(maxStepTokens);
    return keyValueCacheBytes == 0 ? options : options.withKvCacheMemory(model, keyValueCacheBytes);
  }
}
