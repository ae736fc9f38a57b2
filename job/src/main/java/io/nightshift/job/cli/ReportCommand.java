package io.nightshift.job.cli;

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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
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
      index = "0",
      paramLabel = "OUTPUT_OR_RUN",
      description =
          "Folder of answers, on any Flink file system, for its last run; or the record of a run,"
              + " a file in its _nightshift/runs.")
  private String path = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "OTHER_OUTPUT",
      description = "A folder of answers to compare with those of the first one, also a folder.")
  private @Nullable String other;

  @Option(
      names = "--html",
      paramLabel = "FILE",
      description =
          "Also write a page with charts to this file, in place of a page that is there. It needs"
              + " no other file.")
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
    String second = other;
    if (second == null) {
      report();
    } else {
      compare(second);
    }
    return Outcome.DONE;
  }

  private void report() throws IOException {
    if (key != null) {
      throw new InvalidJobException("--key says how two outputs are compared: name both");
    }
    ReportedOutput output = guarded(path, () -> ReportedOutput.find(PathText.parse(path)));
    Optional<PageFile> page = page(List.of(output));
    ReportData report = guarded(path, () -> output.report(Long.MAX_VALUE));
    print(FigureText.of(report));
    write(page, target -> ReportPage.write(report, target));
  }

  private void compare(String second) throws IOException {
    List<ReportedOutput> outputs = new ArrayList<>();
    List<Side> sides = new ArrayList<>();
    for (String folder : List.of(path, second)) {
      ReportedOutput output =
          guarded(folder, () -> ReportedOutput.findWhole(PathText.parse(folder)));
      outputs.add(output);
      sides.add(new Side(folder, guarded(folder, output::files)));
    }
    Optional<PageFile> page = page(outputs);
    Comparison comparison =
        guarded(
            path + " and " + second, () -> OutputComparison.of(sides.get(0), sides.get(1), key));
    print(FigureText.of(comparison));
    for (ReportedOutput output : outputs) {
      output
          .notice()
          .ifPresent(notice -> print(FactText.line("note", output.folder() + ": " + notice)));
    }
    write(page, target -> ReportPage.write(comparison, target));
  }

  /** Before the answers are read, which may take long. */
  private Optional<PageFile> page(List<ReportedOutput> outputs) {
    String file = html;
    return file == null
        ? Optional.empty()
        : Optional.of(guarded("--html " + file, () -> PageFile.of(file, outputs)));
  }

  private void print(String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.print(text);
    out.flush();
  }

  private void write(Optional<PageFile> file, PageFile.Content content) throws IOException {
    if (file.isPresent()) {
      print(
          FactText.line(
              "page", guarded("--html " + html, () -> file.get().write(content)).toString()));
    }
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
