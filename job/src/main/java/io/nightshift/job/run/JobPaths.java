package io.nightshift.job.run;

import io.nightshift.connectors.files.LocalFileNames;
import io.nightshift.connectors.files.UnknownCharactersException;
import io.nightshift.connectors.parquet.InputReach;
import io.nightshift.connectors.path.FolderListing;
import io.nightshift.connectors.path.Location;
import io.nightshift.connectors.s3.UnreachableKeys;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.storage.CommitSupport;
import io.nightshift.job.storage.LocalFolder;
import io.nightshift.job.storage.StorageFailure;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/** The places on file systems that a job names. */
final class JobPaths {
  private JobPaths() {}

  /**
   * @param option that names it
   */
  private record Place(String option, Path path) {
    @Override
    public String toString() {
      return option + " " + path;
    }
  }

  private static List<Place> folders(JobSpecification job) {
    List<Place> folders = new ArrayList<>();
    folders.add(new Place("output.path", job.output().path()));
    job.errors().path().ifPresent(path -> folders.add(new Place("errors.path", path)));
    folders.add(new Place("plan.folder", job.plan().folder()));
    return folders;
  }

  /**
   * Asks the file systems of all places, once, so that one that cannot be used is told by the name
   * of its option and before there is any work.
   *
   * @param flink configuration that says how file systems are reached
   * @throws InvalidJobException naming the option, the place and what to do
   */
  static void requireReachable(JobSpecification job, Configuration flink) throws IOException {
    Place input = new Place("input.path", job.input().path());
    check(input, JobPaths::requireReachable);
    for (Place folder : folders(job)) {
      check(folder, CommitSupport::require);
      check(folder, JobPaths::requireReachable);
    }
    Optional<String> unreachable = UnreachableKeys.find(input.path(), flink);
    if (unreachable.isPresent()) {
      throw new InvalidJobException(
          "%s: Flink's S3 plugins cannot read %s, since its key is no path of names between single slashes: copy the object to another key, or delete it"
              .formatted(input, unreachable.get()));
    }
  }

  private static void requireReachable(Path path) throws IOException {
    LocalFileNames.requireKnown(path);
    path.getFileSystem().exists(path);
  }

  private static void check(Place place, Check check) throws IOException {
    try {
      check.run(place.path());
    } catch (UnknownCharactersException | UnsupportedOperationException e) {
      throw new InvalidJobException(place.option() + " " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      Optional<StorageFailure> failure = StorageFailure.of(e);
      if (failure.isPresent()) {
        throw new InvalidJobException(failure.get().message(place.toString()), e);
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
   * @param input what the input path reaches
   * @throws InvalidJobException naming two options, their places and what to do
   */
  static void requireUsable(JobSpecification job, InputReach input) throws IOException {
    for (Place folder : folders(job)) {
      requireFolder(folder);
      requireApart(folder, input, job.input().path());
    }
    FolderOverlaps.refuse(job);
  }

  private static void requireFolder(Place folder) throws IOException {
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

  private static void requireApart(Place folder, InputReach input, Path inputPath)
      throws IOException {
    Optional<InputReach.Overlap> overlap = input.overlap(folder.path());
    if (overlap.isEmpty()) {
      return;
    }
    String what =
        switch (overlap.get()) {
          case READ ->
              "%s lies in what is read by input.path %s, so that a later run would read as input what this one writes: use a folder outside of it";
          case CONTAINS_INPUT ->
              "%s contains files of input.path %s, so that they would lie among what is written: use a folder beside them";
        };
    throw new InvalidJobException(what.formatted(folder, inputPath));
  }
}
