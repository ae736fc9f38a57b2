package io.nightshift.operators.infer;

import io.nightshift.operators.model.ModelSource;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.config.GpuSelection;
import io.nightshift.runtime.cuda.CudaModelRunner;
import io.nightshift.runtime.cuda.EnginePlaces;
import io.nightshift.runtime.cuda.VisibleGpus;
import io.nightshift.runtime.cuda.device.Gpu;
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
 * Creates engines on NVIDIA GPUs. A task holds its GPU exclusively: a second engine on the same GPU
 * is refused.
 *
 * @param model source of the model on the machine of the task
 * @param config configuration of every engine; its GPU and its threads are those of the engine's
 *     place on its machine
 * @param gpus that engines may use if Flink has not assigned GPUs to the TaskManager
 */
public record CudaEngineFactory(ModelSource model, EngineConfig config, GpuSelection gpus)
    implements EngineFactory {

  @Override
  public TaskEngine create() throws Exception {
    return create(
        HostGpus.selected(gpus),
        "run no more tasks than there are GPUs (flink run -p), or name others in engine.gpus");
  }

  @Override
  public TaskEngine create(List<Integer> assigned) throws Exception {
    return create(
        VisibleGpus.ofThisHost().select(new GpuSelection.Indexes(assigned)),
        "set taskmanager.numberOfTaskSlots to external-resource.gpu.amount");
  }

  private TaskEngine create(List<Gpu> ofProcess, String remedy) throws Exception {
    EnginePlaces places = new EnginePlaces(ofProcess);
    return TaskGpus.onFreeOne(places.indexes(), gpu -> create(places.enter(gpu, config)), remedy);
  }

  private TaskEngine create(EngineConfig onThisMachine) throws IOException, InterruptedException {
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
  public EngineDevices devices() {
    return HostGpus.devices(HostGpus.selected(gpus));
  }

  @Override
  public int namedDevices() {
    int ofHostWithoutGpus = 0;
    return gpus.indexes(ofHostWithoutGpus).size();
  }

  @Override
  public EngineDevices requireDevices(int engines) throws IOException, InterruptedException {
    ModelConfig described = ModelFormats.describe(model.withoutWeights()).config();
    return HostGpus.require(HostGpus.selected(gpus).subList(0, engines), described, config);
  }

  @Override
  public RequestChecker requestChecker(ModelConfig model) {
    return RequestChecker.of(
        model, config, CudaModelRunner.kvCacheTokens(model, config).orElse(Long.MAX_VALUE));
  }
}
