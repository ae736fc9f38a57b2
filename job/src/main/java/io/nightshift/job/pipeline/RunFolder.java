package io.nightshift.job.pipeline;

import io.nightshift.connectors.parquet.WrittenRows;
import io.nightshift.connectors.parquet.file.ParquetReadException;
import io.nightshift.connectors.s3.AbandonedUploads;
import io.nightshift.connectors.units.AtomicFile;
import io.nightshift.connectors.units.PlanManifest;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.job.options.InvalidJobException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
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
 * @param output folder of the answers
 * @param failedRows folder of rows with an error; empty where they are among the answers
 * @param work folder of identity and plans
 */
record RunFolder(Path output, Optional<Path> failedRows, Path work) {
  private static final String IDENTITY = "job.json";

  /** Where a unit's file lies is told from here. */
  Path plans() {
    return new Path(work, "plan");
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
              .map(
                  other ->
                      "the answers of another job, with another "
                          + String.join(", ", identity.differences(other)))
              .orElse("files of something else");
      throw new InvalidJobException(
          "output.path %s has %s (%s): run with --fresh to write to a new folder beside it, or choose another output.path"
              .formatted(output, whose, answers.get()));
    }
    work.getFileSystem().delete(plans(), true);
    AtomicFile.write(new Path(work, IDENTITY), identity.toJson());
  }

  private Optional<JobIdentity> owner() throws IOException {
    Path file = new Path(work, IDENTITY);
    try (var in = file.getFileSystem().open(file)) {
      return Optional.of(JobIdentity.fromJson(in.readAllBytes()));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  /** Names of the files in the output folders that a reader would take for answers. */
  private List<String> answerFiles() throws IOException {
    List<String> names = new ArrayList<>();
    for (Path folder : outputs()) {
      for (FileStatus file : list(folder)) {
        String name = file.getPath().getName();
        if (!name.startsWith("_") && !name.startsWith(".")) {
          names.add(name);
        }
      }
    }
    return names;
  }

  private List<Path> outputs() {
    return Stream.concat(Stream.of(output), failedRows.stream()).toList();
  }

  private static List<FileStatus> list(Path folder) throws IOException {
    FileSystem fileSystem = folder.getFileSystem();
    return fileSystem.exists(folder) ? Arrays.asList(fileSystem.listStatus(folder)) : List.of();
  }

  /** The complete plans, oldest first. What is left of an incomplete one is deleted. */
  List<PlanManifest> completePlans() throws IOException {
    List<PlanManifest> complete = new ArrayList<>();
    List<String> names =
        list(plans()).stream().map(folder -> folder.getPath().getName()).sorted().toList();
    for (String name : names) {
      Path folder = new Path(plans(), name);
      Optional<PlanManifest> manifest = PlanManifest.read(folder);
      if (manifest.isPresent()) {
        complete.add(manifest.get().inFolder(name));
      } else {
        delete(folder);
      }
    }
    return complete;
  }

  /** An empty folder for the plan that follows so many. */
  Path newPlan(int plansBefore) throws IOException {
    Path folder = new Path(plans(), "%05d".formatted(plansBefore));
    folder.getFileSystem().mkdirs(folder);
    return folder;
  }

  void delete(Path folder) throws IOException {
    folder.getFileSystem().delete(folder, true);
  }

  /**
   * The rows whose answers are there.
   *
   * @param units of all plans
   * @throws InvalidJobException naming a file that these plans know nothing of, or that cannot be
   *     read
   */
  WrittenRows answered(List<WorkUnit> units) throws IOException {
    WrittenRows written;
    try {
      written = WrittenRows.read(outputs());
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

  /**
   * Deletes files of the output that no run has committed, left by one that was killed.
   *
   * @param flink configuration that says how the file systems are reached
   */
  void deleteLeftovers(Configuration flink) throws IOException {
    for (Path folder : outputs()) {
      AbandonedUploads.abort(folder, flink);
      for (FileStatus file : list(folder)) {
        String name = file.getPath().getName();
        if (name.startsWith(".part-") && name.contains(".inprogress")) {
          folder.getFileSystem().delete(file.getPath(), false);
        }
      }
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
                : work.suffix(suffix));
      }
    }
  }
}
