package io.nightshift.job.run;

import io.nightshift.connectors.files.FolderListing;
import io.nightshift.connectors.files.LocalFileNames;
import io.nightshift.connectors.files.Location;
import io.nightshift.connectors.files.UnknownCharactersException;
import io.nightshift.connectors.input.InputReach;
import io.nightshift.connectors.s3.UnreachableKeys;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.options.PathNames;
import io.nightshift.job.storage.CommitSupport;
import io.nightshift.job.storage.LocalFolder;
import io.nightshift.job.storage.StorageFailure;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/**
 * The paths that a job names.
 *
 * @param input file, folder or glob
 * @param output folder of the answers
 * @param errors folder of rows with an error, if they have one of their own
 * @param plan folder of the work units
 */
public record JobPaths(
    NamedPath input, NamedPath output, Optional<NamedPath> errors, NamedPath plan) {

  /**
   * A path and the option that names it.
   *
   * @param option key, for messages
   */
  public record NamedPath(String option, Path path) {
    @Override
    public String toString() {
      return option + " " + path;
    }
  }

  /** The paths of a job, by the names that its user has given them. */
  public static JobPaths of(JobSpecification job) {
    PathNames names = PathNames.of(job);
    return new JobPaths(
        new NamedPath(names.input(), job.input().path()),
        new NamedPath(names.output(), job.output().path()),
        job.errors().path().map(path -> new NamedPath("errors.path", path)),
        new NamedPath(names.plan(), job.plan().folder()));
  }

  private List<NamedPath> folders() {
    return Stream.of(Optional.of(output), errors, Optional.of(plan))
        .flatMap(Optional::stream)
        .toList();
  }

  /**
   * Asks the file systems of all paths, once, so that one that cannot be used is reported by the
   * name of its option and before there is any work.
   *
   * @param flink configuration that says how file systems are reached
   * @throws InvalidJobException naming the option, the path and what to do
   */
  public void requireReachable(Configuration flink) throws IOException {
    check(input, JobPaths::requireReachable);
    for (NamedPath folder : folders()) {
      check(folder, CommitSupport::require);
      check(folder, JobPaths::requireReachable);
    }
    Optional<String> unreachable = UnreachableKeys.find(input.path(), flink);
    if (unreachable.isPresent()) {
      throw new InvalidJobException(
          "%s: Flink's S3 plugins cannot read %s, since its key is not a path of names separated by single slashes: copy the object to another key, or delete it"
              .formatted(input, unreachable.get()));
    }
  }

  private static void requireReachable(Path path) throws IOException {
    LocalFileNames.requireKnown(path);
    path.getFileSystem().exists(path);
  }

  private static void check(NamedPath path, Check check) throws IOException {
    try {
      check.run(path.path());
    } catch (UnknownCharactersException | UnsupportedOperationException e) {
      throw new InvalidJobException(path.option() + " " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      Optional<StorageFailure> failure = StorageFailure.of(e);
      if (failure.isPresent()) {
        throw new InvalidJobException(failure.get().message(path.toString()), e);
      }
      throw e;
    }
  }

  @FunctionalInterface
  private interface Check {
    void run(Path path) throws IOException;
  }

  /**
   * Checks that the folders to write to are folders, and that neither the input nor one of them is
   * in the way of another.
   *
   * @param reach what the input path reaches
   * @throws InvalidJobException naming two options, their paths and what to do
   */
  public void requireUsable(InputReach reach) throws IOException {
    for (NamedPath folder : folders()) {
      requireFolder(folder);
      requireApart(folder, reach);
    }
    FolderOverlaps.refuse(this);
  }

  private static void requireFolder(NamedPath folder) throws IOException {
    Optional<FileStatus> status = FolderListing.status(folder.path());
    if (status.isPresent() && !status.get().isDir()) {
      throw new InvalidJobException(
          folder + " is a file: give the path of a folder, which need not exist");
    }
    if (Location.isLocal(folder.path())) {
      Optional<String> problem =
          LocalFolder.problem(java.nio.file.Path.of(folder.path().getPath()));
      if (problem.isPresent()) {
        throw new InvalidJobException(folder + " " + problem.get() + ": use another folder");
      }
    }
  }

  private void requireApart(NamedPath folder, InputReach reach) throws IOException {
    Optional<InputReach.Overlap> overlap = reach.overlap(folder.path());
    if (overlap.isEmpty()) {
      return;
    }
    String what =
        switch (overlap.get()) {
          case READ ->
              "%s lies in what is read by %s, so that a later run would read as input what this one writes: use a folder outside of it";
          case CONTAINS_INPUT ->
              "%s contains files of %s, so that they would lie among what is written: use a folder beside them";
        };
    throw new InvalidJobException(what.formatted(folder, input));
  }
}
