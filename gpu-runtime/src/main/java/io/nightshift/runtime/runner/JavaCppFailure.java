package io.nightshift.runtime.runner;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

/** Explains why a native library that JavaCPP unpacks to its cache folder cannot be loaded. */
public final class JavaCppFailure {
  private JavaCppFailure() {}

  /**
   * @param artifact Maven artifact that contains the library, for example {@code org.bytedeco:dnnl}
   * @param platform JavaCPP's name of the platform
   * @param cache supplies the folder to which JavaCPP unpacks
   */
  public static DeviceException explain(
      String artifact, String platform, Callable<File> cache, LinkageError failure) {
    return new DeviceException(
        "The native libraries of "
            + artifact
            + " for "
            + platform
            + " cannot be loaded: "
            + remedy(artifact, cache),
        failure);
  }

  private static String remedy(String artifact, Callable<File> cache) {
    try {
      // JavaCPP does not report the cause, only that no location worked.
      Path folder = cache.call().toPath();
      if (!allowsExecution(folder)) {
        return "the file system of "
            + folder
            + " allows no execution (noexec); set another folder with"
            + " -Dorg.bytedeco.javacpp.cachedir=FOLDER";
      }
    } catch (Exception e) {
      return String.valueOf(e.getMessage());
    }
    return "add "
        + artifact
        + " and org.bytedeco:javacpp with this platform as classifier to the class path";
  }

  /** Returns whether the operating system allows execution of files in the folder. */
  private static boolean allowsExecution(Path folder) throws IOException {
    Path file = Files.createTempFile(folder, "nightshift", ".so");
    try {
      return file.toFile().setExecutable(true) && Files.isExecutable(file);
    } finally {
      Files.delete(file);
    }
  }
}
