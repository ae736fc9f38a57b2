package io.nightshift.operators.infer;

import io.nightshift.runtime.cpu.JavaCppCache;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.util.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The native libraries that JavaCPP unpacks from the jar of a job, to a folder of the jar's name in
 * its cache. Flink gives the jar of each job that is submitted to a session cluster another name,
 * so that nobody would use the folder again, some 90 MB.
 */
final class UnpackedLibraries {
  private static final Logger LOG = LoggerFactory.getLogger(UnpackedLibraries.class);

  /** Jars that TaskManagers get with a job: Flink's {@code PermanentBlobKey}. */
  private static final String JAR_OF_JOB = "blob_p-";

  private UnpackedLibraries() {}

  /** Has the folder deleted when the last task of the job has left this TaskManager. */
  static void deleteAfterJob(RuntimeContext task) {
    folderOfJob()
        .ifPresent(
            folder ->
                task.registerUserCodeClassLoaderReleaseHookIfAbsent(
                    "nightshift-unpacked-libraries",
                    () -> FileUtils.deleteDirectoryQuietly(folder.toFile())));
  }

  /** The folder of this job alone; empty if the jar is one that processes keep. */
  private static Optional<Path> folderOfJob() {
    try {
      URI jar = UnpackedLibraries.class.getProtectionDomain().getCodeSource().getLocation().toURI();
      String name = Path.of(jar).getFileName().toString();
      return name.startsWith(JAR_OF_JOB)
          ? Optional.of(JavaCppCache.folder(name))
          : Optional.empty();
    } catch (IOException | URISyntaxException e) {
      LOG.warn("Native libraries of this job stay unpacked", e);
      return Optional.empty();
    }
  }
}
