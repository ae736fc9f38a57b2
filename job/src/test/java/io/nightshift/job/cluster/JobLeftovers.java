package io.nightshift.job.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/** What the TaskManagers of a cluster keep of jobs that have ended. */
final class JobLeftovers {
  /** Threads of JavaCPP and JNA, which hold a job's classes, by the names that Linux keeps. */
  private static final List<String> THREADS = List.of("JavaCPP Dealloc", "JNA Cleaner");

  private final Path libraries;

  /**
   * @param libraries where JavaCPP is to unpack native libraries
   */
  JobLeftovers(Path libraries) throws IOException {
    this.libraries = Files.createDirectories(libraries);
  }

  /** The option of TaskManagers that unpacks native libraries there. */
  String option() {
    return "-Dorg.bytedeco.javacpp.cachedir=" + libraries;
  }

  /** Where native libraries are unpacked. */
  Path libraries() {
    return libraries;
  }

  /** Waits until nothing is left of jobs. */
  void awaitNone(FlinkProcessCluster cluster) throws IOException, InterruptedException {
    cluster
        .jobManager()
        .await(
            "TaskManagers without native libraries and threads of jobs",
            () ->
                nothingIsUnpacked()
                    && cluster.taskManagers().stream()
                        .noneMatch(process -> THREADS.stream().anyMatch(process::hasThread)));
  }

  private boolean nothingIsUnpacked() {
    return Objects.requireNonNull(libraries.toFile().listFiles(File::isDirectory)).length == 0;
  }
}
