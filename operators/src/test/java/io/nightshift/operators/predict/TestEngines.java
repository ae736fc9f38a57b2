package io.nightshift.operators.predict;

import io.nightshift.operators.infer.AnswerSpecification;
import io.nightshift.operators.infer.EngineFactory;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.operators.infer.TaskGpus;
import io.nightshift.operators.model.ModelSource;
import io.nightshift.operators.render.PromptContent;
import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.operators.tokenize.PromptLimit;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.runner.DeviceBusyException;
import io.nightshift.runtime.runner.DeviceLostException;
import io.nightshift.runtime.runner.FakeModelRunner;
import io.nightshift.runtime.runner.ForwardingModelRunner;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Real engines over the fake model runner, which count themselves and use GPUs of their own.
 *
 * @param options of the engine
 */
record TestEngines(String options, int gpusPerEngine) implements EngineFactory {
  static final AtomicInteger OPENED = new AtomicInteger();
  static final AtomicInteger CLOSED = new AtomicInteger();
  private static final Set<Integer> GPUS_IN_USE = ConcurrentHashMap.newKeySet();
  private static volatile boolean deviceLost;
  private static volatile boolean stuck;

  /** A model on this machine. */
  private record Local(String path) implements ModelSource {
    @Override
    public Path withoutWeights() {
      return Path.of(path);
    }

    @Override
    public Path complete() {
      return Path.of(path);
    }
  }

  /** A model with such engines, which answers with a few tokens. */
  static PredictModel model(String name, String options, Path path) {
    return model(name, options, 1, path);
  }

  static PredictModel model(String name, String options, int gpusPerEngine, Path path) {
    return new PredictModel(
        name,
        new Local(path.toString()),
        new TestEngines(options, gpusPerEngine),
        new PromptSpecification(new PromptContent.Text("{{ body }}"), Map.of()),
        new PromptLimit(100, true, "the model"),
        new AnswerSpecification(null, null, null, SamplingParameters.greedy(3), false));
  }

  /** As when nothing has been opened. */
  static void reset() {
    OPENED.set(0);
    CLOSED.set(0);
    GPUS_IN_USE.clear();
    deviceLost = false;
    stuck = false;
  }

  /** Lets the device fail in the next step of every engine that is open. */
  static void loseDevice() {
    deviceLost = true;
  }

  static void findDevice() {
    deviceLost = false;
  }

  /** Lets steps take for ever, until the engine is closed. */
  static void getStuck() {
    stuck = true;
  }

  @Override
  public TaskEngine create() {
    return on(List.of(0));
  }

  @Override
  public TaskEngine create(List<Integer> gpus) throws Exception {
    List<List<Integer>> choices = new ArrayList<>();
    for (int gpu = 0; gpu + gpusPerEngine <= gpus.size(); gpu += gpusPerEngine) {
      choices.add(gpus.subList(gpu, gpu + gpusPerEngine));
    }
    return TaskGpus.onFreeOne(choices, TestEngines::on, "use fewer engines");
  }

  private static TaskEngine on(List<Integer> gpus) {
    if (!Collections.disjoint(GPUS_IN_USE, gpus)) {
      throw new DeviceBusyException("one of the GPUs " + gpus + " is in use");
    }
    GPUS_IN_USE.addAll(gpus);
    OPENED.incrementAndGet();
    EngineConfig config = EngineConfig.cpu().withMaxRunningSequences(8).withThreads(1);
    return new TaskEngine(
        new LlmEngine(new Runner(), Arrays::toString, config),
        () -> {
          GPUS_IN_USE.removeAll(gpus);
          CLOSED.incrementAndGet();
        });
  }

  private static final class Runner extends ForwardingModelRunner {
    Runner() {
      super(new FakeModelRunner(FakeModelRunner.config(512, 512, 3), 256, 8, 64, 5));
    }

    @Override
    public Logits run(StepBatch batch) {
      if (deviceLost) {
        throw new DeviceLostException("the device is lost");
      }
      try {
        while (stuck) {
          Thread.sleep(1);
        }
      } catch (InterruptedException e) {
        throw new IllegalStateException("the engine is closed", e);
      }
      return super.run(batch);
    }
  }
}
