package io.nightshift.operators.infer;

import io.nightshift.operators.model.ModelSource;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.cpu.CpuTensorParallel;
import io.nightshift.runtime.energy.EnergyMeter;
import io.nightshift.runtime.energy.RaplEnergyCounter;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.RequestChecker;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.runner.HostMemory;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.io.IOException;

/**
 * Creates engines on the CPU.
 *
 * @param model source of the model on the machine of the task
 * @param config configuration of every engine
 */
public record CpuEngineFactory(ModelSource model, EngineConfig config) implements EngineFactory {

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

  /** The runner reads embedding rows from the files, so they stay open as long as the engine. */
  private TaskEngine create(ModelFiles files) {
    Tokenizer tokenizer = Tokenizers.open(files.tokenizerSource());
    try {
      return new TaskEngine(
          new LlmEngine(CpuTensorParallel.runner(files, config), tokenizer::decode, config),
          ConstraintCompiler.of(tokenizer, files.config()),
          tokenizer::tokenText,
          new EngineDescription(config.device().toString(), config.dtype().toString()),
          new EnergyMeter(RaplEnergyCounter.ofThisHost()),
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
  public EngineDevices requireDevices(int engines) {
    HostMemory.ofThisMachine().require(config.hostKvCacheMemory(), engines);
    return devices();
  }

  @Override
  public RequestChecker requestChecker(ModelConfig model) {
    EngineRanks.requireDivides(config.tensorParallel(), model);
    return RequestChecker.of(model, config, CpuTensorParallel.kvCacheTokens(model, config));
  }
}
