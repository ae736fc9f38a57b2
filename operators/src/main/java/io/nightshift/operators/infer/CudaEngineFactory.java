package io.nightshift.operators.infer;

import io.nightshift.operators.model.ModelSource;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cuda.CudaModelRunner;
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
 * Creates engines on an NVIDIA GPU. A task holds its GPU exclusively: a second engine on the same
 * GPU is refused.
 *
 * @param model source of the model on the machine of the task
 * @param config configuration of every engine. Its GPU is used if Flink has not assigned GPUs to
 *     the TaskManager, and each engine samples with as many threads as its machine has processors
 */
public record CudaEngineFactory(ModelSource model, EngineConfig config) implements EngineFactory {

  @Override
  public TaskEngine create() throws IOException, InterruptedException {
    return create(config.gpu());
  }

  @Override
  public TaskEngine create(List<Integer> gpus) throws Exception {
    return TaskGpus.onFreeOne(gpus, this::create);
  }

  private TaskEngine create(int gpu) throws IOException, InterruptedException {
    EngineConfig onThisMachine =
        config.withGpu(gpu).withThreads(Runtime.getRuntime().availableProcessors());
    try (ModelFiles files = ModelFormats.open(model.complete())) {
      Tokenizer tokenizer = Tokenizers.open(files.tokenizerSource());
      try {
        CudaModelRunner runner = new CudaModelRunner(files, onThisMachine);
        return new TaskEngine(
            new LlmEngine(runner, tokenizer::decode, onThisMachine),
            ConstraintCompiler.of(tokenizer, files.config()),
            tokenizer::tokenText,
            tokenizer::close);
      } catch (RuntimeException | Error e) {
        tokenizer.close();
        throw e;
      }
    }
  }

  @Override
  public boolean usesGpus() {
    return true;
  }

  @Override
  public void requireDevice() {
    CudaModelRunner.requireDevice(config.gpu());
  }

  @Override
  public RequestChecker requestChecker(ModelConfig model) {
    return RequestChecker.of(
        model, config, CudaModelRunner.kvCacheTokens(model, config).orElse(Long.MAX_VALUE));
  }
}
