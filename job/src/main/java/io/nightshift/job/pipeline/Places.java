package io.nightshift.job.pipeline;

import io.nightshift.connectors.disk.LocalFileNames;
import io.nightshift.connectors.disk.UnknownCharactersException;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.storage.StorageFailure;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.core.fs.Path;

/** The places on file systems that a job names. */
final class Places {
  private Places() {}

  /**
   * Asks the file systems of all places, once, so that one that cannot be used is told by the name
   * of its option and before there is any work.
   *
   * @throws InvalidJobException naming the option, the place and what to do
   */
  static void requireReachable(JobSpecification job) throws IOException {
    Map<String, Path> places = new LinkedHashMap<>();
    places.put("input.path", job.input().path());
    places.put("output.path", job.output().path());
    job.errors().path().ifPresent(path -> places.put("errors.path", path));
    places.put("plan.folder", job.plan().folder());
    for (Map.Entry<String, Path> place : places.entrySet()) {
      requireReachable(place.getKey(), place.getValue());
    }
  }

  private static void requireReachable(String option, Path path) throws IOException {
    try {
      LocalFileNames.requireKnown(path);
      path.getFileSystem().exists(path);
    } catch (UnknownCharactersException e) {
      throw new InvalidJobException(option + " " + e.getMessage(), e);
    } catch (IOException | RuntimeException e) { // Flink's native S3 plugin throws both.
      Optional<StorageFailure> failure = StorageFailure.of(e);
      if (failure.isPresent()) {
        throw new InvalidJobException(failure.get().message(option + " " + path), e);
      }
      throw e;
    }
  }
}
