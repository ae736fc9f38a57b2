package io.nightshift.job;

import io.nightshift.job.hub.ModelLocator;
import io.nightshift.job.pipeline.DeviceEngines;
import io.nightshift.job.pipeline.EngineSelection;
import io.nightshift.job.pipeline.FlinkPipeline;
import io.nightshift.job.progress.LiveProgress;
import io.nightshift.job.progress.ProgressDisplay;
import io.nightshift.runtime.config.Device;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.flink.client.program.ProgramParametrizationException;

/**
 * The program: {@code bin/nightshift COMMAND ...} runs it in a process of its own, {@code flink run
 * nightshift.jar COMMAND ...} inside of Flink's client.
 */
public final class Nightshift {
  private Nightshift() {}

  /**
   * Runs a command. In the launcher's process and that of Flink's command line, exits with its
   * status; in a JobManager, fails if the command did.
   */
  public static void main(String[] arguments) throws Throwable {
    run(arguments, new DeviceEngines());
  }

  /** Runs a command as {@link #main} does, on other engines than this build's. */
  public static void run(String[] arguments, EngineSelection engines) throws Throwable {
    if (Launcher.isPresent() || FlinkClient.isPresent()) {
      // Flink writes sizes and durations of its configuration in the locale's digits, which it
      // cannot read.
      Locale.setDefault(Locale.ROOT);
    }
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    Outcome outcome = new CommandLineInterface(commands(engines, err), out).execute(arguments);
    out.flush();
    boolean failedInClient = outcome.status() != Outcome.DONE && FlinkClient.isPresent();
    if (Launcher.isPresent() || failedInClient) {
      outcome.print(err);
      System.exit(outcome.status());
    }
    throwToFlink(outcome);
  }

  private static List<Object> commands(EngineSelection engines, PrintWriter err) {
    ModelLocator models = ModelLocator.ofThisProcess(err::println);
    FlinkPipeline flink =
        Launcher.isPresent()
            ? FlinkPipeline.embedded(models, FlinkFileSystems.initialize(System.getenv()))
            : FlinkPipeline.ofFlinkClient(models);
    Pipeline pipeline = flink.withEngines(engines);
    ProgressDisplay progress = new LiveProgress(err, Launcher.terminalWidth(), Launcher.color());
    return List.of(
        new RunCommand(pipeline, progress),
        new PlanCommand(pipeline, progress),
        new BenchCommand(Nightshift::measure),
        new ModelsCommand(models));
  }

  private static String measure(Benchmark.Request request) throws Exception {
    Benchmark benchmark =
        request.engine().device() == Device.CUDA ? new CudaBenchmark() : new CpuBenchmark();
    return benchmark.run(request);
  }

  /** Flink reports the message of this one exception without its stack trace. */
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
