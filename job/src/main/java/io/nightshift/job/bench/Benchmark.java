package io.nightshift.job.bench;

import io.nightshift.runtime.bench.Workload;
import io.nightshift.runtime.bench.WorkloadOrder;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.config.GpuSelection;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.random.ModelShape;
import java.nio.file.Path;

/** Benchmarks the engine alone: no Flink, no Parquet, no tokenizer. */
public interface Benchmark {

  /**
   * Runs a workload.
   *
   * @return the result as one line of JSON
   */
  String run(Request request) throws Exception;

  /**
   * What to benchmark.
   *
   * @param model checkpoint or random weights
   * @param rows first rows of the workload to run, from 1 to all of them; for each engine, if there
   *     are several
   * @param gpus that engines use, with CUDA
   */
  record Request(
      Workload workload,
      Model model,
      int rows,
      WorkloadOrder order,
      EngineConfig engine,
      GpuSelection gpus) {}

  /** A model to benchmark. */
  sealed interface Model permits Checkpoint, RandomWeights {

    /** Name of the model in the report. */
    String name();

    /** Name of its shape in the report. */
    String shapeName(ModelConfig config);
  }

  /** A Hugging Face folder or a GGUF file. */
  record Checkpoint(Path path) implements Model {
    @Override
    public String name() {
      return path.toString();
    }

    @Override
    public String shapeName(ModelConfig config) {
      return config.layerCount() + "x" + config.hiddenSize();
    }
  }

  /**
   * Random weights, which take as long to compute as trained ones.
   *
   * @param quantization of the layers' linear layers
   */
  record RandomWeights(ModelShape shape, RandomQuantization quantization) implements Model {
    @Override
    public String name() {
      return quantization == RandomQuantization.NONE ? "random" : "random " + quantization;
    }

    @Override
    public String shapeName(ModelConfig config) {
      return shape.toString();
    }
  }
}
