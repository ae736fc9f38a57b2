package io.nightshift.job.cli;

import io.nightshift.job.bench.DeviceBenchmark;
import io.nightshift.job.hub.ModelLocator;
import io.nightshift.job.pipeline.EngineSelection;
import io.nightshift.job.pipeline.FlinkPipeline;
import io.nightshift.job.pipeline.Pipeline;
import io.nightshift.job.progress.LiveProgress;
import io.nightshift.job.progress.ProgressDisplay;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.apache.flink.client.program.ProgramParametrizationException;

/** Runs a command and ends as the caller of the program expects it. */
public final class NightshiftProgram {
  private NightshiftProgram() {}

  /**
   * Runs a command. In the launcher's process and that of Flink's command line, exits with its
   * status. In a JobManager, throws an exception if the command failed.
   *
   * @param engines what makes the engines of inference tasks
   */
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
        new InitCommand(),
        new RunCommand(pipeline, progress),
        new PlanCommand(pipeline, progress),
        new BatchCommand(pipeline, progress),
        new BenchCommand(new DeviceBenchmark()),
        new ModelsCommand(models),
        new ReportCommand(),
        new SchemaCommand(),
        new CompletionCommand());
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
