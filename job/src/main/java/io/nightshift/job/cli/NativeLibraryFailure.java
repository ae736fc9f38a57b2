package io.nightshift.job.cli;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A native library that was unpacked to a folder whose file system allows no execution. Each
 * library with native code has its own folder and its own option.
 */
final class NativeLibraryFailure {
  /** What the dynamic linker says, behind the file's path. */
  private static final Pattern NOT_EXECUTABLE =
      Pattern.compile(
          "(?s).*?(/\\S*)/[^/\\s]+: (failed to map segment|.*Operation not permitted).*");

  private NativeLibraryFailure() {}

  /** The remedy, if this is the cause of the failure. */
  static Optional<String> explain(List<Throwable> causes) {
    for (Throwable cause : causes) {
      Matcher matcher = NOT_EXECUTABLE.matcher(String.valueOf(cause.getMessage()));
      if (matcher.matches()) {
        String folder = matcher.group(1);
        return Optional.of(
            "a native library cannot be loaded from "
                + folder
                + ", whose file system allows no execution (noexec): set another folder with "
                + option(folder)
                + " in NIGHTSHIFT_JAVA_OPTIONS, on a cluster in env.java.opts.all");
      }
    }
    return Optional.empty();
  }

  private static String option(String folder) {
    if (folder.contains("/.javacpp")) {
      return "-Dorg.bytedeco.javacpp.cachedir=FOLDER";
    }
    return folder.contains("/JNA") ? "-Djna.tmpdir=FOLDER" : "-Djava.io.tmpdir=FOLDER";
  }
}
