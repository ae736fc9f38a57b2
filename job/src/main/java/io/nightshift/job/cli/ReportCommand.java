package io.nightshift.job.cli;

import io.nightshift.connectors.files.AtomicFile;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.progress.FactText;
import io.nightshift.job.report.Comparison;
import io.nightshift.job.report.ReportData;
import io.nightshift.job.report.build.ReportedOutput;
import io.nightshift.job.report.comparison.OutputComparison;
import io.nightshift.job.report.comparison.OutputComparison.Side;
import io.nightshift.job.report.page.ReportPage;
import io.nightshift.job.report.text.FigureText;
import io.nightshift.job.storage.PathText;
import io.nightshift.job.storage.StorageFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Prints what a run brought, or what two outputs differ in. */
@Command(
    name = "report",
    description =
        "Print what a run brought: rows, rates, answers, errors. Of two outputs, print the rows"
            + " whose answers differ.")
final class ReportCommand implements Callable<Integer> {
  @Parameters(
      arity = "1..2",
      paramLabel = "OUTPUT_OR_RUN",
      description =
          "Folder of answers, on any Flink file system, for its last run; or the record of a run,"
              + " a file in its _nightshift/runs. A second one is compared with the first.")
  private List<String> paths = new ArrayList<>();

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description = "Also write a page with charts to this file. It needs no other file.")
  private @Nullable String html;

  @Option(
      names = "--key",
      paramLabel = "COLUMN",
      description =
          "Of two outputs, compare rows with the same value in this column, instead of those with"
              + " the same source file and source row.")
  private @Nullable String key;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Override
  public Integer call() throws IOException {
    List<ReportedOutput> outputs = new ArrayList<>();
    for (String path : paths) {
      outputs.add(guarded(path, () -> ReportedOutput.find(PathText.parse(path))));
    }
    if (outputs.size() == 1) {
      report(outputs.get(0));
    } else {
      compare(outputs.get(0), outputs.get(1));
    }
    return Outcome.DONE;
  }

  private void report(ReportedOutput output) throws IOException {
    if (key != null) {
      throw new InvalidJobException("--key says how two outputs are compared: name both");
    }
    ReportData report = guarded(paths.get(0), () -> output.report(Long.MAX_VALUE));
    print(FigureText.of(report));
    writePage(target -> ReportPage.write(report, target));
  }

  private void compare(ReportedOutput first, ReportedOutput second) throws IOException {
    Comparison comparison =
        guarded(
            String.join(" and ", paths),
            () ->
                OutputComparison.of(
                    new Side(paths.get(0), first.files()),
                    new Side(paths.get(1), second.files()),
                    key));
    print(FigureText.of(comparison));
    for (ReportedOutput output : List.of(first, second)) {
      output
          .notice()
          .ifPresent(notice -> print(FactText.line("note", output.folder() + ": " + notice)));
    }
    writePage(target -> ReportPage.write(comparison, target));
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }

  @FunctionalInterface
  private interface Page {
    void write(Appendable target) throws IOException;
  }

  private void writePage(Page page) throws IOException {
    String file = html;
    if (file == null) {
      return;
    }
    StringBuilder text = new StringBuilder();
    page.write(text);
    Path path = guarded("--html", () -> PathText.parse(file));
    guarded(
        "--html " + file,
        () -> {
          AtomicFile.write(path, text.toString().getBytes(StandardCharsets.UTF_8));
          return path;
        });
    print(FactText.line("page", path.toString()));
  }

  @FunctionalInterface
  private interface Call<T> {
    T run() throws IOException;
  }

  /** What cannot be read is named by the argument that names it. */
  private static <T> T guarded(String argument, Call<T> call) {
    try {
      return call.run();
    } catch (InvalidJobException e) {
      throw e;
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      throw new InvalidJobException(
          StorageFailure.of(e)
              .map(failure -> failure.message(argument))
              .orElseGet(() -> String.valueOf(e.getMessage())),
          e);
    }
  }
}
