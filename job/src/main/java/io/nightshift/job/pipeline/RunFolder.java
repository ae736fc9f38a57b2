package io.nightshift.job.pipeline;

import io.nightshift.connectors.disk.AtomicFile;
import io.nightshift.connectors.parquet.ColumnCounts;
import io.nightshift.connectors.parquet.OutputFiles;
import io.nightshift.connectors.parquet.WrittenRows;
import io.nightshift.connectors.parquet.compaction.FileGroup;
import io.nightshift.connectors.parquet.compaction.Replacements;
import io.nightshift.connectors.parquet.file.ParquetReadException;
import io.nightshift.connectors.s3.AbandonedUploads;
import io.nightshift.connectors.units.PlanManifest;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.operators.infer.AnswerColumns;
import io.nightshift.operators.plan.PlanSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
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
record RunFolder(Path output, Optional<Path> failedRows, Path work, boolean ordered) {
  private static final String IDENTITY = "job.json";

  /** Where a unit's file lies is told from here. */
  Path plans() {
    return new Path(work, "plan");
  }

  /** Of the lease, always below the answers: a plan may be written wherever a job file says. */
  Path lease() {
    return new Path(output, "_nightshift/lease");
  }

  private Path orderedRunsFolder() {
    return new Path(work, "ordered");
  }

  /**
   * Makes this the folder of a job.
   *
   * @throws InvalidJobException if the output folder has answers of another job, or files of
   *     something else
   */
  void claim(JobIdentity identity) throws IOException {
    Optional<JobIdentity> owner = owner();
    if (owner.isPresent() && owner.get().equals(identity)) {
      return;
    }
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
    work.getFileSystem().delete(plans(), true);
    work.getFileSystem().delete(orderedRunsFolder(), true);
    AtomicFile.write(new Path(work, IDENTITY), identity.toJson());
  }

  private Optional<JobIdentity> owner() throws IOException {
    Optional<byte[]> json = AtomicFile.read(new Path(work, IDENTITY));
    return json.isEmpty() ? Optional.empty() : Optional.of(JobIdentity.fromJson(json.get()));
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
   * @throws InvalidJobException naming a file of theirs that is gone
   */
  List<OrderedRun> orderedRuns() throws IOException {
    List<OrderedRun> runs = OrderedRun.readAll(orderedRunsFolder());
    for (OrderedRun run : runs) {
      requireFiles(new OutputFolder(output), run.files());
      if (failedRows.isPresent()) {
        requireFiles(new OutputFolder(failedRows.get()), run.failedRowsFiles());
      }
    }
    return runs;
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
   * @throws IOException if the files in order do not have as many rows as the plans
   */
  void recordOrdered(int run, List<CompletePlan> plans) throws IOException {
    List<List<String>> names = new ArrayList<>();
    long rows = 0;
    for (OutputFolder folder : outputs()) {
      names.add(folder.names(OrderedRun.filePrefix(run)));
      rows += ColumnCounts.rows(folder.files(names.get(names.size() - 1)));
    }
    long planned = plans.stream().mapToLong(plan -> plan.manifest().rows()).sum();
    if (rows != planned) {
      throw new IOException(
          "The files %s-* in %s have %s rows, not %s: run the job again to write them anew"
              .formatted(OrderedRun.filePrefix(run), output, rows, planned));
    }
    new OrderedRun(
            plans.stream().map(CompletePlan::name).toList(),
            names.get(0),
            names.size() > 1 ? names.get(1) : List.of())
        .write(orderedRunsFolder(), run);
    deleteUnordered(run);
  }

  /** Deletes what a run's ordered rows were made from. */
  void deleteUnordered(int run) throws IOException {
    for (OutputFolder folder : outputs()) {
      folder.deleteUnordered(run);
    }
  }

  private static List<FileStatus> list(Path folder) throws IOException {
    FileSystem fileSystem = folder.getFileSystem();
    return fileSystem.exists(folder) ? Arrays.asList(fileSystem.listStatus(folder)) : List.of();
  }

  /**
   * The complete plans, oldest first. What is left of an incomplete one stays: in application mode
   * the job that writes it may be about to go on.
   */
  List<CompletePlan> completePlans() throws IOException {
    List<CompletePlan> complete = new ArrayList<>();
    List<String> names =
        list(plans()).stream().map(folder -> folder.getPath().getName()).sorted().toList();
    for (String name : names) {
      Path folder = new Path(plans(), name);
      Optional<PlanManifest> manifest = PlanManifest.read(folder);
      if (manifest.isPresent()) {
        complete.add(
            new CompletePlan(name, manifest.get().inFolder(name), PlanSummary.read(folder)));
      }
    }
    return complete;
  }

  /**
   * The folder of the plan that follows so many. What an attempt that failed has left there goes
   * when this one's manifest is written.
   */
  Path newPlan(int plansBefore) throws IOException {
    Path folder = new Path(plans(), String.format(Locale.ROOT, "%05d", plansBefore));
    folder.getFileSystem().mkdirs(folder);
    return folder;
  }

  void delete(Path folder) throws IOException {
    folder.getFileSystem().delete(folder, true);
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
                .formatted(output, work));
      }
    }
    return written;
  }

  /** The record of a compaction that has not been applied completely. */
  Path compactionRecord() {
    return new Path(work, "compaction.json");
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
      groups.addAll(FileGroup.of(folder.path(), files, fileBytes));
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
    for (OrderedRun recorded : OrderedRun.readAll(orderedRunsFolder())) {
      files.addAll(new OutputFolder(output).files(recorded.files()));
      if (failedRows.isPresent()) {
        files.addAll(new OutputFolder(failedRows.get()).files(recorded.failedRowsFiles()));
      }
    }
    return ColumnCounts.nonNull(files, AnswerColumns.ERROR_CODE);
  }

  /**
   * Deletes files of the output that no run has committed, left by one that was killed. Only once
   * the job has ended: one that recovers goes on with such files.
   *
   * @param flink configuration that says how the file systems are reached
   */
  void deleteLeftovers(int run, Configuration flink) throws IOException {
    Set<Path> folders = new LinkedHashSet<>(answerFolders(run));
    outputs().forEach(folder -> folders.add(folder.path()));
    for (Path folder : folders) {
      OutputFolder.deleteLeftovers(folder);
    }
    for (OutputFolder folder : outputs()) {
      AbandonedUploads.abort(folder.path(), flink);
    }
  }

  /** The first folder beside this one whose name, with a number behind it, nobody has. */
  RunFolder fresh() throws IOException {
    for (int number = 2; ; number++) {
      Path beside = output.suffix("-" + number);
      if (!beside.getFileSystem().exists(beside)) {
        boolean inside = work.toString().startsWith(output + "/");
        String suffix = "-" + number;
        return new RunFolder(
            beside,
            failedRows.map(folder -> folder.suffix(suffix)),
            inside
                ? new Path(beside, work.toString().substring(output.toString().length() + 1))
                : work.suffix(suffix),
            ordered);
      }
    }
  }
}
