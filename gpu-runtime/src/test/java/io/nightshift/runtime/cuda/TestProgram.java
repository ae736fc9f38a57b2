package io.nightshift.runtime.cuda;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Programs in processes of their own, for what a process does not survive. */
final class TestProgram {
  private TestProgram() {}

  /** Starts a program, whose errors go to its output. */
  static Process start(Class<?> program) throws IOException {
    return new ProcessBuilder(
            ProcessHandle.current().info().command().orElseThrow(),
            "-cp",
            System.getProperty("java.class.path") + ":" + testClassPath(),
            program.getName())
        .redirectErrorStream(true)
        .start();
  }

  /** All that a program prints until it ends. */
  static String output(Process program) throws IOException {
    return new String(program.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
  }

  /** What the launcher of tests has loaded these classes from. */
  private static String testClassPath() {
    ClassLoader loader = TestProgram.class.getClassLoader();
    return loader instanceof URLClassLoader urls
        ? Arrays.stream(urls.getURLs()).map(URL::getPath).collect(Collectors.joining(":"))
        : "";
  }
}
