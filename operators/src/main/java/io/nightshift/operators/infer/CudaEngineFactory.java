package io.nightshift.operators.infer;

import io.nightshift.operators.model.ModelSource;
import io.nightshift.runtime.cuda.CudaModelRunner;
import io.nightshift.runtime.cuda.CudaRunnerOptions;
import io.nightshift.runtime.cuda.CudaWeightType;
import io.nightshift.runtime.engine.EngineOptions;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.io.IOException;

/**
 * Engines on an NVIDIA GPU. A task holds its GPU alone: a second engine on it is refused.
 *
 * @param model how the task's machine comes by the model
 * @param device number of the GPU
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
    try (ModelFiles files = ModelFormats.open(model.complete())) {
      Tokenizer tokenizer = Tokenizers.open(files.tokenizerSource());
      try {
        CudaModelRunner runner = new CudaModelRunner(files, runnerOptions(files));
        EngineOptions options =
            EngineOptions.defaults()
                .withMaxRunningSequences(maxRunningSequences)
                .withMaxStepLogits(maxRunningSequences);
        return new TaskEngine(new LlmEngine(runner, tokenizer::decode, options), tokenizer::close);
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

  private CudaRunnerOptions runnerOptions(ModelFiles files) {
    CudaRunnerOptions options =
        CudaRunnerOptions.defaults()
            .withDevice(device)
            .withWeightType(weightType)
            .withFp8KvCache(fp8KeyValueCache)
            .withBlockSize(blockSize)
            .withMaxStepTokens(maxStepTokens);
    return keyValueCacheBytes == 0
        ? options
        : options.withKvCacheMemory(files.config(), keyValueCacheBytes);
  }
}
