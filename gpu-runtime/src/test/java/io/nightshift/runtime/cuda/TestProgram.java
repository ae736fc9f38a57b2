package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Programs in processes of their own, for what a process does not survive. */
final class TestProgram {
  private TestProgram() {}

  /** Runs a program, and checks that it ends without an error. */
  static void requireSuccess(Class<?> program) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path") + ":" + testClassPath(),
                program.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  /** What the launcher of tests has loaded these classes from. */
  private static String testClassPath() {
    ClassLoader loader = TestProgram.class.getClassLoader();
    return loader instanceof URLClassLoader urls
        ? Arrays.stream(urls.getURLs()).map(URL::getPath).collect(Collectors.joining(":"))
        : "";
  }
}
