package io.nightshift.job;

import io.nightshift.job.options.DataType;
import io.nightshift.job.options.Device;
import io.nightshift.job.options.JobSpecification;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;

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
   * @param model checkpoint to measure; without it, random weights of the given shape
   * @param rows first rows of the workload to run; empty for all
   */
  record Request(
      Workload workload,
      Shape shape,
      DataType dtype,
      Device device,
      Optional<Path> model,
      OptionalInt rows,
      Order order,
      JobSpecification.Engine engine) {}

  /** What the rows are like. */
  enum Workload {
    LABEL,
    DOCQA,
    LIBRARY,
    SUMMARIZE,
    GENERATE;

    /** The value as the command line has it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** Shape of a model with random weights. */
  enum Shape {
    LLAMA_1B("1b"),
    LLAMA_8B("8b");

    private final String optionValue;

    Shape(String optionValue) {
      this.optionValue = optionValue;
    }

    /** The value as the command line has it. */
    @Override
    public String toString() {
      return optionValue;
    }
  }

  /** The order in which the engine gets the rows. */
  enum Order {
    GIVEN,
    SORTED,
    PLANNED;

    /** The value as the command line has it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }
}
