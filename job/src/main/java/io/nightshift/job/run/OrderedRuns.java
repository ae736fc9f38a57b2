package io.nightshift.job.run;

import io.nightshift.connectors.files.OwnFiles;
import io.nightshift.connectors.parquet.output.FooterCounts;
import io.nightshift.connectors.parquet.sink.OutputNames;
import io.nightshift.job.options.InvalidJobException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The rows that runs have brought into the input's order, and what they were made from. */
final class OrderedRuns {
  private final RunFolder folder;

  OrderedRuns(RunFolder folder) {
    this.folder = folder;
  }

  /**
   * The runs that have brought their rows into order, oldest first.
   *
   * @throws InvalidJobException naming a file of theirs that is missing, or one that no run has
   *     written
   */
  List<OrderedRun> read() throws IOException {
    List<OrderedRun> runs = folder.work().orderedRuns();
    for (OrderedRun run : runs) {
      requireFiles(new OutputFolder(folder.output()), run.files());
      if (folder.failedRows().isPresent()) {
        requireFiles(new OutputFolder(folder.failedRows().get()), run.failedRowsFiles());
      }
    }
    if (folder.ordered()) {
      requireNoOthers(runs);
    }
    return runs;
  }

  /** Beside the ordered rows there may only be files of attempts to write those of the next run. */
  private void requireNoOthers(List<OrderedRun> recorded) throws IOException {
    Set<String> ours = new HashSet<>();
    for (OrderedRun run : recorded) {
      ours.addAll(run.files());
      ours.addAll(run.failedRowsFiles());
    }
    String next = OrderedRun.filePrefix(recorded.size());
    List<String> runs = folder.work().runs();
    for (OutputFolder output : folder.outputs()) {
      for (String name : output.names()) {
        if (!ours.contains(name) && !OutputNames.isOrdered(name, next, runs)) {
          throw new InvalidJobException(
              "%s holds more than answers of this job: %s was not written by a run of this program, or has no record any more; remove it, or run with --fresh"
                  .formatted(output.path(), name));
        }
      }
    }
  }

  private static void requireFiles(OutputFolder output, List<String> files) throws IOException {
    Set<String> present = new HashSet<>(output.names());
    for (String file : files) {
      if (!present.contains(file)) {
        throw new InvalidJobException(
            "%s lacks %s, which an earlier run has written: put it back, or run with --fresh"
                .formatted(output.path(), file));
      }
    }
  }

  /**
   * Records that the rows of some plans are in order, and deletes what they were made from.
   *
   * @param run its number
   * @param runId of the run that has written the files
   * @throws IOException if the files in order do not have as many rows as the plans
   */
  void record(int run, List<CompletePlan> plans, String runId) throws IOException {
    String prefix = OrderedRun.filePrefix(run);
    List<List<String>> names = new ArrayList<>();
    long rows = 0;
    for (OutputFolder output : folder.outputs()) {
      List<String> written =
          output.names().stream()
              .filter(name -> OutputNames.isOrdered(name, prefix, List.of(runId)))
              .toList();
      names.add(written);
      rows += FooterCounts.rows(output.files(written));
    }
    long planned = plans.stream().mapToLong(plan -> plan.manifest().rows()).sum();
    if (rows != planned) {
      throw new IOException(
          "The files %s-* in %s have %s rows, not %s: run the job again to rewrite them"
              .formatted(prefix, folder.output(), rows, planned));
    }
    OrderedRun ordered =
        new OrderedRun(
            plans.stream().map(CompletePlan::name).toList(),
            names.get(0),
            names.size() > 1 ? names.get(1) : List.of());
    folder.work().recordOrdered(ordered, run);
    deleteUnordered(run);
  }

  /** Deletes what a run's ordered rows were made from. */
  void deleteUnordered(int run) throws IOException {
    for (OutputFolder output : folder.outputs()) {
      output.deleteUnordered(run, folder.work().runs());
    }
  }

  /** Deletes what other runs have written of the ordered rows of a run that did not end. */
  void deleteUnrecorded(int run, String runId) throws IOException {
    List<String> others = folder.work().runs().stream().filter(id -> !id.equals(runId)).toList();
    for (OutputFolder output : folder.outputs()) {
      OwnFiles.deleteFiles(
          output.path(), name -> OutputNames.isOrdered(name, OrderedRun.filePrefix(run), others));
    }
  }
}
