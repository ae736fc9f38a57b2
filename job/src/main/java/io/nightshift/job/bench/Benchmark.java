package io.nightshift.job.bench;

import io.nightshift.job.options.DataType;
import io.nightshift.job.options.Device;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.runtime.bench.ModelShape;
import io.nightshift.runtime.bench.Workload;
import io.nightshift.runtime.bench.WorkloadOrder;
import io.nightshift.runtime.model.ModelConfig;
import java.nio.file.Path;

/** Measures the engine alone: no Flink, no Parquet, no tokenizer. */
public interface Benchmark {

  /**
   * Runs a workload.
   *
   * @return the result as one line of JSON
   */
  String run(Request request) throws Exception;

  /**
   * What to measure.
   *
   * @param model checkpoint or random weights
   * @param rows first rows of the workload to run, from 1 to all of them
   */
  record Request(
      Workload workload,
      Model model,
      DataType dtype,
      Device device,
      int rows,
      WorkloadOrder order,
      JobSpecification.Engine engine) {}

  /** A model to measure. */
  sealed interface Model permits Checkpoint, RandomWeights {

    /** What the report calls the model. */
    String name();

    /** What the report calls its shape. */
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
      return config.layers() + "x" + config.hiddenSize();
    }
  }

  /** Random weights, which cost as much time as trained ones. */
  record RandomWeights(ModelShape shape) implements Model {
    @Override
    public String name() {
      return "random";
    }

    @Override
    public String shapeName(ModelConfig config) {
      return shape.toString();
    }
  }
}
