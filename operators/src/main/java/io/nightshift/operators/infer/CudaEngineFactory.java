package io.nightshift.operators.infer;

import io.nightshift.operators.model.ModelSource;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.config.GpuSelection;
import io.nightshift.runtime.cuda.CudaModelRunner;
import io.nightshift.runtime.cuda.CudaTensorParallel;
import io.nightshift.runtime.cuda.EnginePlaces;
import io.nightshift.runtime.cuda.GpuEnergy;
import io.nightshift.runtime.cuda.GpuGroup;
import io.nightshift.runtime.cuda.GpuGroups;
import io.nightshift.runtime.cuda.VisibleGpus;
import io.nightshift.runtime.cuda.device.Gpu;
import io.nightshift.runtime.energy.EnergyMeter;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.RequestChecker;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.runner.ModelRunner;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.io.IOException;
import java.util.List;

/**
 * Creates engines on NVIDIA GPUs. A task holds its GPUs exclusively: a second engine on the same
 * GPU is refused.
 *
 * @param model source of the model on the machine of the task
 * @param config configuration of every engine; its GPUs and its threads are those of the engine's
 *     place on its machine
 * @param gpus that engines may use if Flink has not assigned GPUs to the TaskManager
 */
public record CudaEngineFactory(ModelSource model, EngineConfig config, GpuSelection gpus)
    implements EngineFactory {

  @Override
  public TaskEngine create() throws Exception {
    return create(
        HostGpus.selected(gpus, config.tensorParallel()).groups(),
        "run no more tasks (flink run -p) than these GPUs are for, or name others in engine.gpus");
  }

  @Override
  public TaskEngine create(List<Integer> assigned) throws Exception {
    List<Gpu> ofProcess = VisibleGpus.ofThisHost().select(new GpuSelection.Indexes(assigned));
    return create(
        HostGpus.assigned(ofProcess, config.tensorParallel()),
        "set taskmanager.numberOfTaskSlots to external-resource.gpu.amount"
            + (config.tensorParallel() == 1 ? "" : " / " + config.tensorParallel()));
  }

  private TaskEngine create(List<GpuGroup> ofProcess, String remedy) throws Exception {
    EnginePlaces places = new EnginePlaces(ofProcess);
    return TaskGpus.onFreeOne(places.groups(), group -> create(places, group), remedy);
  }

  private TaskEngine create(EnginePlaces places, GpuGroup group)
      throws IOException, InterruptedException {
    group.requireTogether();
    return create(places.enter(group, config), group);
  }

  private TaskEngine create(EngineConfig onThisMachine, GpuGroup group)
      throws IOException, InterruptedException {
    try (ModelFiles files = ModelFormats.open(model.complete())) {
      Tokenizer tokenizer = Tokenizers.open(files.tokenizerSource());
      try {
        return new TaskEngine(
            new LlmEngine(runner(files, onThisMachine), tokenizer::decode, onThisMachine),
            ConstraintCompiler.of(tokenizer, files.config()),
            tokenizer::tokenText,
            new EngineDescription(group.toString(), config.dtype().toString()),
            new EnergyMeter(GpuEnergy.counters(group)),
            tokenizer::close);
      } catch (RuntimeException | Error e) {
        tokenizer.close();
        throw e;
      }
    }
  }

  private static ModelRunner runner(ModelFiles files, EngineConfig config) {
    return config.tensorParallel() == 1
        ? new CudaModelRunner(files, config)
        : CudaTensorParallel.runner(files, config);
  }

  @Override
  public int gpusPerEngine() {
    return config.tensorParallel();
  }

  @Override
  public EngineDevices devices() {
    return HostGpus.devices(HostGpus.selected(gpus, config.tensorParallel()));
  }

  @Override
  public int namedDevices() {
    int ofHostWithoutGpus = 0;
    return gpus.indexes(ofHostWithoutGpus).size();
  }

  @Override
  public EngineDevices requireDevices(int engines) throws IOException, InterruptedException {
    EngineModel described = EngineModel.of(ModelFormats.describe(model.withoutWeights()));
    GpuGroups selected = HostGpus.selected(gpus, config.tensorParallel());
    return HostGpus.require(selected.first(engines), described, config);
  }

  @Override
  public List<String> gpuAdvice(long kvCacheTokens) throws IOException, InterruptedException {
    EngineModel described = EngineModel.of(ModelFormats.describe(model.withoutWeights()));
    return HostGpus.advice(gpus, described, config, kvCacheTokens);
  }

  @Override
  public RequestChecker requestChecker(ModelConfig model) {
    ModelConfig shard = EngineRanks.model(model, 0, config.tensorParallel());
    return RequestChecker.of(
        model,
        config,
        CudaModelRunner.kvCacheTokens(shard, config.ofRank(0)).orElse(Long.MAX_VALUE));
  }
}
