package io.nightshift.job.cli;

import io.nightshift.job.bench.Benchmark;
import io.nightshift.job.bench.RandomQuantization;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.runtime.bench.Workload;
import io.nightshift.runtime.bench.WorkloadOrder;
import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.Device;
import io.nightshift.runtime.model.random.ModelShape;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Benchmarks the engine and prints one line of JSON. */
@Command(
    name = "bench",
    description = "Benchmark the engine alone on a workload; prints one line of JSON.")
final class BenchCommand implements Callable<Integer> {
  private final Benchmark benchmark;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Option(names = "--workload", required = true, description = "${COMPLETION-CANDIDATES}")
  private Workload workload = Workload.LABEL;

  @Option(
      names = "--shape",
      description =
          "Shape of a model with random weights: ${COMPLETION-CANDIDATES}. Required unless"
              + " --model is given.")
  private Optional<ModelShape> shape = Optional.empty();

  @Option(names = "--dtype", required = true, description = "${COMPLETION-CANDIDATES}")
  private DataType dtype = DataType.BF16;

  @Option(names = "--device", required = true, description = "${COMPLETION-CANDIDATES}")
  private Device device = Device.CPU;

  @Option(
      names = "--model",
      paramLabel = "PATH",
      description = "Checkpoint to benchmark. Without it: random weights of --shape.")
  private Optional<Path> model = Optional.empty();

  @Option(
      names = "--quantization",
      description =
          "Encoding of the random weights of layers, which stay packed in memory as those of a"
              + " quantized checkpoint: ${COMPLETION-CANDIDATES}. Only with --shape. Default: none")
  private Optional<RandomQuantization> quantization = Optional.empty();

  @Option(
      names = "--rows",
      paramLabel = "N",
      description = "Use only the first N rows of the workload.")
  private Optional<Integer> rows = Optional.empty();

  @Option(
      names = "--order",
      defaultValue = "given",
      description = "Order of the rows: ${COMPLETION-CANDIDATES}; default: ${DEFAULT-VALUE}")
  private WorkloadOrder order = WorkloadOrder.GIVEN;

  @Option(
      names = "--gpus",
      paramLabel = "GPUS",
      description =
          "GPUs that engines use, all in one process, as engine.gpus: all, a number, or indexes such"
              + " as [0,2]. Default: those of one engine. Each engine gets as many rows as one alone.")
  private Optional<String> gpus = Optional.empty();

  @Option(
      names = "--tensor-parallel",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "GPUs that share the model of an engine, as engine.tensor-parallel. Only with --device"
              + " cuda. Default: ${DEFAULT-VALUE}")
  private int tensorParallel = 1;

  @Option(
      names = "--host-kv-cache-memory",
      paramLabel = "SIZE",
      description =
          "Main memory of each engine for what does not fit its KV cache, as"
              + " engine.host-kv-cache-memory: 96gb. Default: none")
  private Optional<String> hostKvCacheMemory = Optional.empty();

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description = "Set an option of the engine, for instance engine.threads=2. May be repeated.")
  private List<String> overrides = new ArrayList<>();

  BenchCommand(Benchmark benchmark) {
    this.benchmark = benchmark;
  }

  @Override
  public Integer call() throws Exception {
    if (!dtype.runsOn(device)) {
      throw new ParameterException(
          spec.commandLine(), "--dtype %s: --device %s does not have it".formatted(dtype, device));
    }
    JobSpecification.Engine engine = JobSpecification.parseEngine(device, dtype, engineOptions());
    if (device != Device.CUDA && engine.config().tensorParallel() > 1) {
      throw new ParameterException(
          spec.commandLine(),
          "--tensor-parallel %s needs --device cuda".formatted(engine.config().tensorParallel()));
    }
    Benchmark.Request request =
        new Benchmark.Request(workload, model(), rowCount(), order, engine.config(), engine.gpus());
    spec.commandLine().getOut().println(benchmark.run(request));
    return Outcome.DONE;
  }

  /** Measurements are of one engine unless more are asked for. */
  private List<String> engineOptions() {
    List<String> options = new ArrayList<>();
    if (device == Device.CUDA || gpus.isPresent()) {
      options.add("engine.gpus=" + gpus.orElse(String.valueOf(tensorParallel)));
    }
    options.add("engine.tensor-parallel=" + tensorParallel);
    hostKvCacheMemory.ifPresent(size -> options.add("engine.host-kv-cache-memory=" + size));
    options.addAll(overrides);
    return options;
  }

  private Benchmark.Model model() {
    if (model.isPresent()) {
      if (quantization.isPresent()) {
        throw new ParameterException(
            spec.commandLine(),
            "--quantization is of random weights: a checkpoint of --model says its own");
      }
      return new Benchmark.Checkpoint(model.get());
    }
    return new Benchmark.RandomWeights(
        shape.orElseThrow(
            () -> new ParameterException(spec.commandLine(), "--shape or --model is needed")),
        quantization.orElse(RandomQuantization.NONE));
  }

  private int rowCount() {
    int count = rows.orElse(workload.rows());
    if (count < 1 || count > workload.rows()) {
      throw new ParameterException(
          spec.commandLine(),
          "--rows of %s must be from 1 to %s, but was %s"
              .formatted(workload, workload.rows(), count));
    }
    return count;
  }
}
