package io.nightshift.job.pipeline;

import io.nightshift.connectors.disk.LocalFileNames;
import io.nightshift.connectors.disk.UnknownCharactersException;
import io.nightshift.connectors.s3.UnreachableKeys;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.storage.CommitSupport;
import io.nightshift.job.storage.StorageFailure;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.fs.Path;

/** The places on file systems that a job names. */
final class Places {
  private Places() {}

  /**
   * Asks the file systems of all places, once, so that one that cannot be used is told by the name
   * of its option and before there is any work.
   *
   * @param flink configuration that says how file systems are reached
   * @throws InvalidJobException naming the option, the place and what to do
   */
  static void requireUsable(JobSpecification job, Configuration flink) throws IOException {
    Path input = job.input().path();
    requireUsable("input.path", input, Places::requireReachable);
    Map<String, Path> written = new LinkedHashMap<>();
    written.put("output.path", job.output().path());
    job.errors().path().ifPresent(path -> written.put("errors.path", path));
    written.put("plan.folder", job.plan().folder());
    for (Map.Entry<String, Path> place : written.entrySet()) {
      requireUsable(place.getKey(), place.getValue(), CommitSupport::require);
      requireUsable(place.getKey(), place.getValue(), Places::requireReachable);
    }
    Optional<String> unreachable = UnreachableKeys.find(input, flink);
    if (unreachable.isPresent()) {
      throw new InvalidJobException(
          "input.path %s: Flink's S3 plugins cannot read %s, since its key is no path of names between single slashes: copy the object to another key, or delete it"
              .formatted(input, unreachable.get()));
    }
  }

  private static void requireReachable(Path path) throws IOException {
    LocalFileNames.requireKnown(path);
    path.getFileSystem().exists(path);
  }

  private static void requireUsable(String option, Path path, Check check) throws IOException {
    try {
      check.run(path);
    } catch (UnknownCharactersException | UnsupportedOperationException e) {
      throw new InvalidJobException(option + " " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      Optional<StorageFailure> failure = StorageFailure.of(e);
      if (failure.isPresent()) {
        throw new InvalidJobException(failure.get().message(option + " " + path), e);
      }
      throw e;
    }
  }

  @FunctionalInterface
  private interface Check {
    void run(Path path) throws IOException;
  }
}
