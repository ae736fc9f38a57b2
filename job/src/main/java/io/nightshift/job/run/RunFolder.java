package io.nightshift.job.run;

import io.nightshift.connectors.lease.LeaseHolder;
import io.nightshift.connectors.lease.Ownership;
import io.nightshift.connectors.parquet.ColumnCounts;
import io.nightshift.connectors.parquet.OutputFiles;
import io.nightshift.connectors.parquet.WrittenRows;
import io.nightshift.connectors.parquet.compaction.FileGroup;
import io.nightshift.connectors.parquet.compaction.Replacements;
import io.nightshift.connectors.parquet.file.ParquetReadException;
import io.nightshift.connectors.parquet.sink.OutputNames;
import io.nightshift.connectors.path.FolderListing;
import io.nightshift.connectors.path.Location;
import io.nightshift.connectors.path.OwnFiles;
import io.nightshift.connectors.s3.AbandonedUploads;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.operators.infer.AnswerColumns;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/**
 * What runs of a job leave behind: the answers, which tell in their footers which rows they are,
 * and beside them the job's identity and the plans, one for each time that new input was found. Its
 * name begins with an underscore, which readers of Parquet folders skip.
 *
 * <p>Where rows are to be in the input's order, answers wait in a folder below until all are there;
 * once they are in order, a record says of which plans they are.
 *
 * @param output folder of the answers
 * @param failedRows folder of rows with an error; empty where they are among the answers
 * @param work folder of identity and plans
 * @param ordered whether rows are to be in the input's order
 */
record RunFolder(Path output, Optional<Path> failedRows, WorkFolder work, boolean ordered) {
  /** Of what is ours in a folder of rows; readers of Parquet skip it. */
  private static final String RECORDS = "_nightshift";

  /** Of the lease, always below the answers: a plan may be written wherever a job file says. */
  Path lease() {
    return new Path(output, RECORDS + "/lease");
  }

  /**
   * Makes this the folder of a job. Changes nothing unless the output is this run's.
   *
   * @param ownership of the output
   * @param holder this run
   * @throws InvalidJobException if the output folder has answers of another job, or files of
   *     something else; or if another folder is another output's, or has files in the way
   */
  void claim(JobIdentity identity, Ownership ownership, LeaseHolder holder)
      throws IOException, InterruptedException, JobFailedException {
    Optional<JobIdentity> owner = work.identity();
    boolean same = owner.isPresent() && owner.get().equals(identity);
    if (!same) {
      requireNoAnswers(identity, owner);
    }
    ownership.requireHeld();
    if (failedRows.isPresent()) {
      FolderOwner.claim("errors.path", new Path(failedRows.get(), RECORDS), output, holder);
    }
    if (!Location.of(work.path()).isWithin(Location.of(output))) {
      FolderOwner.claim("plan.folder", work.path(), output, holder);
    }
    if (!same) {
      work.startAnew(identity, ownership);
    }
  }

  private void requireNoAnswers(JobIdentity identity, Optional<JobIdentity> owner)
      throws IOException {
    Optional<String> answers = answerFiles().stream().findFirst();
    if (answers.isPresent()) {
      String whose =
          owner
              .map(other -> "the answers of " + identity.ownerOfAnswers(other))
              .orElse("files of something else");
      throw new InvalidJobException(
          "output.path %s has %s (%s): run with --fresh to write to a new folder beside it, or choose another output.path"
              .formatted(output, whose, answers.get()));
    }
  }

  /**
   * Names of the files in the output folders that have answers, or that a reader takes for some.
   */
  private List<String> answerFiles() throws IOException {
    List<String> names = new ArrayList<>();
    for (OutputFolder folder : outputs()) {
      names.addAll(folder.names());
      names.addAll(folder.unorderedNames());
    }
    return names;
  }

  /** The folder of the answers, and that of failed rows if there is one. */
  List<OutputFolder> outputs() {
    return Stream.concat(Stream.of(output), failedRows.stream()).map(OutputFolder::new).toList();
  }

  /**
   * The runs that have brought their rows into order, oldest first.
   *
   * @throws InvalidJobException naming a file of theirs that is gone, or one that no run has
   *     written
   */
  List<OrderedRun> orderedRuns() throws IOException {
    List<OrderedRun> runs = work.orderedRuns();
    for (OrderedRun run : runs) {
      requireFiles(new OutputFolder(output), run.files());
      if (failedRows.isPresent()) {
        requireFiles(new OutputFolder(failedRows.get()), run.failedRowsFiles());
      }
    }
    if (ordered) {
      requireNoOthers(runs);
    }
    return runs;
  }

  /** What lies beside the ordered rows are files of attempts to write those of the next run. */
  private void requireNoOthers(List<OrderedRun> recorded) throws IOException {
    Set<String> ours = new HashSet<>();
    for (OrderedRun run : recorded) {
      ours.addAll(run.files());
      ours.addAll(run.failedRowsFiles());
    }
    String next = OrderedRun.filePrefix(recorded.size());
    List<String> runs = work.runs();
    for (OutputFolder folder : outputs()) {
      for (String name : folder.names()) {
        if (!ours.contains(name) && !OutputNames.isOrdered(name, next, runs)) {
          throw new InvalidJobException(
              "%s holds more than answers of this job: %s was not written by a run of this program, or has no record any more; take it away, or run with --fresh"
                  .formatted(folder.path(), name));
        }
      }
    }
  }

  private static void requireFiles(OutputFolder folder, List<String> files) throws IOException {
    Set<String> present = new HashSet<>(folder.names());
    for (String file : files) {
      if (!present.contains(file)) {
        throw new InvalidJobException(
            "%s lacks %s, which an earlier run has written: put it back, or run with --fresh"
                .formatted(folder.path(), file));
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
  void recordOrdered(int run, List<CompletePlan> plans, String runId) throws IOException {
    String prefix = OrderedRun.filePrefix(run);
    List<List<String>> names = new ArrayList<>();
    long rows = 0;
    for (OutputFolder folder : outputs()) {
      List<String> written =
          folder.names().stream()
              .filter(name -> OutputNames.isOrdered(name, prefix, List.of(runId)))
              .toList();
      names.add(written);
      rows += ColumnCounts.rows(folder.files(written));
    }
    long planned = plans.stream().mapToLong(plan -> plan.manifest().rows()).sum();
    if (rows != planned) {
      throw new IOException(
          "The files %s-* in %s have %s rows, not %s: run the job again to write them anew"
              .formatted(prefix, output, rows, planned));
    }
    OrderedRun ordered =
        new OrderedRun(
            plans.stream().map(CompletePlan::name).toList(),
            names.get(0),
            names.size() > 1 ? names.get(1) : List.of());
    work.recordOrdered(ordered, run);
    deleteUnordered(run);
  }

  /** Deletes what a run's ordered rows were made from. */
  void deleteUnordered(int run) throws IOException {
    for (OutputFolder folder : outputs()) {
      folder.deleteUnordered(run, work.runs());
    }
  }

  /** Deletes what other runs have written of the ordered rows of a run that did not end. */
  void deleteUnrecorded(int run, String runId) throws IOException {
    List<String> others = work.runs().stream().filter(id -> !id.equals(runId)).toList();
    for (OutputFolder folder : outputs()) {
      OwnFiles.deleteFiles(
          folder.path(), name -> OutputNames.isOrdered(name, OrderedRun.filePrefix(run), others));
    }
  }

  /**
   * The rows whose answers are there.
   *
   * @param units of all plans that have not been brought into order
   * @param run number of this run among those that bring rows into order
   * @throws InvalidJobException naming a file that these plans know nothing of, or that cannot be
   *     read
   */
  WrittenRows answered(List<WorkUnit> units, int run) throws IOException {
    WrittenRows written;
    try {
      written = WrittenRows.read(answerFolders(run));
    } catch (ParquetReadException e) {
      throw new InvalidJobException(
          "output.path holds more than answers of this job: " + e.getMessage(), e);
    }
    Set<String> planned = new HashSet<>();
    units.forEach(unit -> planned.add(unit.file()));
    for (String unit : written.groups()) {
      if (!planned.contains(unit)) {
        throw new InvalidJobException(
            "output.path %s has answers of a plan that is not in %s any more: run with --fresh, or delete the answers"
                .formatted(output, work.path()));
      }
    }
    return written;
  }

  /** The record of a compaction that has not been applied completely. */
  Path compactionRecord() {
    return new Path(work.path(), "compaction.json");
  }

  /** Applies what an earlier run's compaction has left, so that each row is there once. */
  void finishCompaction() throws IOException {
    Path record = compactionRecord();
    Optional<Replacements> begun = Replacements.read(record);
    if (begun.isPresent()) {
      begun.get().apply(record);
    }
  }

  /** Output files to merge, so that all but the last of a folder have {@code fileBytes}. */
  List<FileGroup> smallFiles(long fileBytes) throws IOException {
    List<FileGroup> groups = new ArrayList<>();
    for (OutputFolder folder : outputs()) {
      List<FileStatus> files = OutputFiles.list(List.of(folder.path()));
      for (FileGroup group : FileGroup.of(folder.path(), files, fileBytes)) {
        groups.addAll(group.byTypes());
      }
    }
    return groups;
  }

  /** Where a run's answers go, and its failed rows if they go elsewhere. */
  List<Path> answerFolders(int run) {
    return outputs().stream()
        .map(folder -> ordered ? folder.unordered(run) : folder.path())
        .toList();
  }

  /**
   * Rows with an error in all that has been written; what is in order counts once it is recorded.
   */
  long failedRows(int run) throws IOException {
    List<FileStatus> files = new ArrayList<>(OutputFiles.list(answerFolders(run)));
    for (OrderedRun recorded : work.orderedRuns()) {
      files.addAll(new OutputFolder(output).files(recorded.files()));
      if (failedRows.isPresent()) {
        files.addAll(new OutputFolder(failedRows.get()).files(recorded.failedRowsFiles()));
      }
    }
    return ColumnCounts.nonNull(files, AnswerColumns.ERROR_CODE);
  }

  /** Whether there are files that readers of Parquet find. */
  boolean hasFiles() throws IOException {
    return !new OutputFolder(output).names().isEmpty();
  }

  /**
   * Deletes files of the output that no run has committed, left by those that were killed. Only
   * once the job has ended: one that recovers goes on with such files.
   *
   * @param run number of this run among those that bring rows into order
   * @param runId of this run
   * @param flink configuration that says how the file systems are reached
   */
  void deleteLeftovers(int run, String runId, Configuration flink) throws IOException {
    List<String> runs = work.runs();
    Set<Path> folders = new LinkedHashSet<>(answerFolders(run));
    outputs().forEach(folder -> folders.add(folder.path()));
    for (Path folder : folders) {
      OutputFolder.deleteBegun(folder, runs);
    }
    deleteUnrecorded(run, runId);
    for (OutputFolder folder : outputs()) {
      AbandonedUploads.abort(folder.path(), upload -> isUploadOf(upload, runs), flink);
    }
    work.forgetRunsBut(output, runId);
  }

  private static boolean isUploadOf(String upload, List<String> runs) {
    String records = RECORDS + "/";
    return OutputNames.isOf(upload, runs)
        || (upload.startsWith(records) && WorkFolder.isRecord(upload.substring(records.length())));
  }

  /** The first folders beside these whose names, with a number behind them, nobody has. */
  RunFolder fresh() throws IOException {
    for (int number = 2; ; number++) {
      RunFolder fresh = beside("-" + number);
      boolean free = FolderListing.status(fresh.output).isEmpty();
      free &= fresh.failedRows.isEmpty() || FolderListing.status(fresh.failedRows.get()).isEmpty();
      if (free && FolderListing.status(fresh.work.path()).isEmpty()) {
        return fresh;
      }
    }
  }

  private RunFolder beside(String suffix) {
    return new RunFolder(
        FolderListing.beside(output, suffix),
        failedRows.map(folder -> beside(folder, suffix)),
        new WorkFolder(beside(work.path(), suffix)),
        ordered);
  }

  /** A folder below the output goes along with it. */
  private Path beside(Path folder, String suffix) {
    String inOutput = output + "/";
    return folder.toString().startsWith(inOutput)
        ? FolderListing.child(
            FolderListing.beside(output, suffix), folder.toString().substring(inOutput.length()))
        : FolderListing.beside(folder, suffix);
  }
}
