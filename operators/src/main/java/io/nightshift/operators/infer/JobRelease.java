package io.nightshift.operators.infer;

import io.nightshift.runtime.cpu.JavaCppCache;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.util.FileUtils;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frees what native libraries would leave in a TaskManager after a job that was submitted to it:
 *
 * <ul>
 *   <li>JavaCPP and JNA each have a thread that frees native memory. It would hold the classes of
 *       the job, some 25 MB of metaspace, for as long as the process lives.
 *   <li>JavaCPP unpacks libraries to a folder of the jar's name in its cache, some 90 MB. Flink
 *       gives the jar of each job another name, so that nobody would use the folder again.
 * </ul>
 */
public final class JobRelease {
  private static final Logger LOG = LoggerFactory.getLogger(JobRelease.class);

  /** Jars that TaskManagers get with a job: Flink's {@code PermanentBlobKey}. */
  private static final String JAR_OF_JOB = "blob_p-";

  private JobRelease() {}

  /** Has everything freed when the last task of the job has left this TaskManager. */
  static void register(RuntimeContext task) {
    task.registerUserCodeClassLoaderReleaseHookIfAbsent("nightshift", JobRelease::release);
  }

  /**
   * Frees everything now, when the job has no engine here: Flink has no such hook for functions.
   * Nothing if others share the classes.
   */
  public static void release() {
    ClassLoader job = JobRelease.class.getClassLoader();
    if (job != RuntimeContext.class.getClassLoader()) {
      endThreads(job);
      unpackedLibraries().ifPresent(folder -> FileUtils.deleteDirectoryQuietly(folder.toFile()));
    }
  }

  /** Ends the threads whose class is the job's. Those that wait for garbage end if interrupted. */
  private static void endThreads(ClassLoader job) {
    Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getClass().getClassLoader() == job)
        .forEach(Thread::interrupt);
  }

  /** The folder of this job alone; empty if the jar is one that processes keep. */
  private static Optional<Path> unpackedLibraries() {
    URL jar = JobRelease.class.getProtectionDomain().getCodeSource().getLocation();
    String name = new File(jar.getPath()).getName();
    try {
      return name.startsWith(JAR_OF_JOB)
          ? Optional.of(JavaCppCache.folder(name))
          : Optional.empty();
    } catch (IOException e) {
      LOG.warn("Native libraries of this job stay unpacked", e);
      return Optional.empty();
    }
  }
}
