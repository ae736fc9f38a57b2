package io.nightshift.job;

import io.nightshift.job.options.DataType;
import io.nightshift.job.options.Device;
import io.nightshift.job.options.JobSpecification;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Measures the engine and prints one line of JSON. */
@Command(
    name = "bench",
    description = "Measure the engine alone on a workload; prints one line of JSON.")
final class BenchCommand implements Callable<Integer> {
  private final Benchmark benchmark;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--workload", required = true, description = "${COMPLETION-CANDIDATES}")
  private Benchmark.Workload workload = Benchmark.Workload.LABEL;

  @Option(
      names = "--shape",
      required = true,
      description = "Shape of the model: ${COMPLETION-CANDIDATES}")
  private Benchmark.Shape shape = Benchmark.Shape.LLAMA_1B;

  @Option(names = "--dtype", required = true, description = "${COMPLETION-CANDIDATES}")
  private DataType dtype = DataType.BF16;

  @Option(names = "--device", required = true, description = "${COMPLETION-CANDIDATES}")
  private Device device = Device.CPU;

  @Option(
      names = "--model",
      paramLabel = "PATH",
      description = "Checkpoint to measure. Without it: random weights of the shape.")
  private Optional<Path> model = Optional.empty();

  @Option(names = "--rows", paramLabel = "N", description = "Only the first rows of the workload.")
  private Optional<Integer> rows = Optional.empty();

  @Option(
      names = "--order",
      defaultValue = "given",
      description = "Order of the rows: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
  private Benchmark.Order order = Benchmark.Order.GIVEN;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set an option of the engine: engine.threads=2. Any number of times.")
  private List<String> overrides = new ArrayList<>();

  BenchCommand(Benchmark benchmark) {
    this.benchmark = benchmark;
  }

  @Override
  public Integer call() throws Exception {
    if (device == Device.CUDA) {
      throw new ParameterException(
          spec.commandLine(),
          "--device cuda: there is no CUDA runner in this build; use --device cpu");
    }
    if (rows.isPresent() && rows.get() < 1) {
      throw new ParameterException(spec.commandLine(), "--rows must be at least 1");
    }
    Benchmark.Request request =
        new Benchmark.Request(
            workload,
            shape,
            dtype,
            device,
            model,
            rows.map(OptionalInt::of).orElse(OptionalInt.empty()),
            order,
            JobSpecification.parseEngine(overrides));
    spec.commandLine().getOut().println(benchmark.run(request));
    return Outcome.DONE;
  }
}
