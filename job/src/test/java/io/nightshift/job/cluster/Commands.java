package io.nightshift.job.cluster;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Short commands of the operating system. */
final class Commands {
  private Commands() {}

  /** Runs a command that has to succeed. */
  static void run(String... command) throws IOException, InterruptedException {
    String output = output(command);
    if (output != null) {
      throw new IOException(String.join(" ", command) + ": " + output);
    }
  }

  /** Runs a command and says whether it succeeded; it does not where it is not installed. */
  static boolean succeeds(String... command) throws InterruptedException {
    try {
      return output(command) == null;
    } catch (IOException e) {
      return false;
    }
  }

  /** What a command that fails prints; null if it succeeds. */
  private static @Nullable String output(String... command)
      throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return process.waitFor() == 0 ? null : output;
  }
}
