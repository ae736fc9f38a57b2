package io.nightshift.job.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.nightshift.connectors.files.AtomicFile;
import io.nightshift.connectors.files.FolderListing;
import io.nightshift.connectors.files.OwnFiles;
import io.nightshift.connectors.lease.Ownership;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.run.JobPaths.NamedPath;
import io.nightshift.operators.plan.PlanManifest;
import io.nightshift.operators.plan.PlanSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/**
 * The folder of a job's identity and plans, and of the records of runs that have brought rows into
 * order. Only files of known names, in folders that this program has created, are deleted here.
 *
 * @param named path of the folder, with the option that names it
 */
public record WorkFolder(NamedPath named) {
  private static final String IDENTITY = "job.json";
  private static final Predicate<String> PLAN =
      Pattern.compile("\\d{5}(-\\w+)?").asMatchPredicate();
  private static final Predicate<String> PLAN_FILE =
      Pattern.compile("\\.?(unit-.*|(manifest|summary)\\.json.*)").asMatchPredicate();
  private static final Predicate<String> ORDERED_RUN =
      Pattern.compile("\\.?\\d{5}\\.json.*").asMatchPredicate();

  /** Whether a file of this path below the folder is one of the records kept here. */
  static boolean isRecord(String below) {
    return below.matches(
        "(job|output|compaction|lease/holder|ordered/\\d{5})\\.json|runs/.*\\.parquet|report\\.html");
  }

  /** Path of the folder. */
  public Path path() {
    return named.path();
  }

  /** The folder that paths of work units are relative to. */
  public Path plans() {
    return new Path(path(), "plan");
  }

  private Path orderedRunsFolder() {
    return new Path(path(), "ordered");
  }

  /**
   * The job that the folder was claimed for.
   *
   * @throws InvalidJobException if files of something else are in the way
   */
  Optional<JobIdentity> identity() throws IOException {
    Path file = new Path(path(), IDENTITY);
    Optional<byte[]> json = AtomicFile.read(file);
    if (json.isEmpty()) {
      requireEmpty(plans());
      requireEmpty(orderedRunsFolder());
      return Optional.empty();
    }
    try {
      return Optional.of(JobIdentity.fromJson(json.get()));
    } catch (JsonProcessingException e) {
      throw new InvalidJobException(
          "%s has a file %s that no run has written: use another %s"
              .formatted(named, IDENTITY, named.option()),
          e);
    }
  }

  private void requireEmpty(Path folder) throws IOException {
    Optional<FileStatus> status = FolderListing.status(folder);
    if (status.isPresent() && !(status.get().isDir() && FolderListing.names(folder).isEmpty())) {
      throw new InvalidJobException(
          "%s has a %s %s that no run has created: use another %s"
              .formatted(
                  named,
                  status.get().isDir() ? "folder" : "file",
                  folder.getName(),
                  named.option()));
    }
  }

  /** Makes this the folder of another job, without the plans of the one before. */
  void startAnew(JobIdentity identity, Ownership ownership) throws IOException {
    ownership.requireHeld();
    for (Path plan : planFolders()) {
      OwnFiles.deleteFolder(plan, PLAN_FILE);
    }
    OwnFiles.deleteFiles(orderedRunsFolder(), ORDERED_RUN);
    AtomicFile.write(new Path(path(), IDENTITY), identity.toJson());
    ownership.requireHeld();
  }

  /** Ids of the runs that may have left files behind. */
  public List<String> runs() throws IOException {
    return FolderOwner.read(path()).map(FolderOwner::runs).orElse(List.of());
  }

  /** Records that a run is about to write files. */
  public void recordRun(Path output, String run) throws IOException {
    FolderOwner owner =
        FolderOwner.read(path()).orElse(new FolderOwner(output.toString(), List.of()));
    if (!owner.runs().contains(run)) {
      owner.with(run).write(path());
    }
  }

  /** Records that only one run may have left files behind. */
  void forgetRunsBut(Path output, String run) throws IOException {
    if (!runs().equals(List.of(run))) {
      new FolderOwner(output.toString(), List.of(run)).write(path());
    }
  }

  private List<Path> planFolders() throws IOException {
    return FolderListing.of(plans(), PLAN).stream()
        .filter(FileStatus::isDir)
        .map(FileStatus::getPath)
        .sorted(Comparator.comparing(Path::getName))
        .toList();
  }

  /** The complete plans, oldest first. */
  public List<CompletePlan> completePlans() throws IOException {
    List<CompletePlan> complete = new ArrayList<>();
    for (Path folder : planFolders()) {
      String name = folder.getName();
      Optional<PlanManifest> manifest = PlanManifest.read(folder);
      if (manifest.isPresent()) {
        complete.add(
            new CompletePlan(name, manifest.get().inFolder(name), PlanSummary.read(folder)));
      }
    }
    return complete;
  }

  /**
   * Creates the folder of the next plan under a name that is unique to this run, because a job that
   * its client left behind may still write to an older one. Incomplete plans of other runs are
   * deleted.
   *
   * <p>In application mode a run that is called again has the same id, and the job that writes its
   * plan may be about to resume. The files of a failed attempt are deleted with its manifest.
   */
  public Path createPlan(List<CompletePlan> before, String run) throws IOException {
    Path folder = new Path(plans(), String.format(Locale.ROOT, "%05d-%s", before.size(), run));
    Set<String> kept = new HashSet<>(List.of(folder.getName()));
    before.forEach(plan -> kept.add(plan.name()));
    for (Path other : planFolders()) {
      if (!kept.contains(other.getName())) {
        deletePlan(other);
      }
    }
    folder.getFileSystem().mkdirs(folder);
    return folder;
  }

  public static void deletePlan(Path folder) throws IOException {
    OwnFiles.deleteFolder(folder, PLAN_FILE);
  }

  List<OrderedRun> orderedRuns() throws IOException {
    return OrderedRun.readAll(orderedRunsFolder());
  }

  void recordOrdered(OrderedRun ordered, int run) throws IOException {
    ordered.write(orderedRunsFolder(), run);
  }
}
