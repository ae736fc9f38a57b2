package io.nightshift.job;

import io.nightshift.job.hub.ModelLocator;
import io.nightshift.job.options.Device;
import io.nightshift.job.pipeline.FlinkPipeline;
import io.nightshift.job.progress.LiveProgress;
import io.nightshift.job.progress.ProgressDisplay;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.flink.client.program.ProgramParametrizationException;

/**
 * The program: {@code bin/nightshift COMMAND ...} runs it in a process of its own, {@code flink run
 * nightshift.jar COMMAND ...} inside of Flink's client.
 */
public final class Nightshift {
  private Nightshift() {}

  /**
   * Runs a command. In the launcher's process, exits with its status; in Flink's client, fails if
   * the command did.
   */
  public static void main(String[] arguments) throws Throwable {
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    Outcome outcome = new CommandLineInterface(commands(err), out).execute(arguments);
    out.flush();
    if (Launcher.isPresent()) {
      outcome.print(err);
      System.exit(outcome.status());
    }
    throwToFlink(outcome);
  }

  private static List<Object> commands(PrintWriter err) {
    ModelLocator models = ModelLocator.ofThisProcess(err::println);
    Pipeline pipeline =
        Launcher.isPresent()
            ? FlinkPipeline.embedded(models, FlinkFileSystems.initialize(System.getenv()))
            : FlinkPipeline.ofFlinkClient(models);
    ProgressDisplay progress = new LiveProgress(err, Launcher.terminalWidth(), Launcher.color());
    return List.of(
        new RunCommand(pipeline, progress),
        new PlanCommand(pipeline, progress),
        new BenchCommand(Nightshift::measure),
        new ModelsCommand(models));
  }

  private static String measure(Benchmark.Request request) throws Exception {
    Benchmark benchmark =
        request.device() == Device.CUDA ? new CudaBenchmark() : new CpuBenchmark();
    return benchmark.run(request);
  }

  /** Flink's client prints the message of this one exception without its stack trace. */
  private static void throwToFlink(Outcome outcome) throws Throwable {
    if (outcome.debug() && outcome.cause().isPresent()) {
      throw outcome.cause().get();
    }
    if (outcome.complaint().isPresent()) {
      ProgramParametrizationException complaint =
          new ProgramParametrizationException(outcome.complaint().get());
      // Flink logs it as well, and the way through this class explains nothing.
      complaint.setStackTrace(new StackTraceElement[0]);
      throw complaint;
    }
  }
}
