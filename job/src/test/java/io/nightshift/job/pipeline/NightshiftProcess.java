package io.nightshift.job.pipeline;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A process as {@code bin/nightshift} starts it, from the class path of the tests. */
final class NightshiftProcess {
  private NightshiftProcess() {}

  /**
   * Starts a command on {@code job.yaml}.
   *
   * @param folder of the job file; what the process prints goes to {@code out} and {@code err}
   *     there
   * @param overrides {@code key=value}
   */
  static Process start(Path folder, String command, String... overrides) throws IOException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java",
                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Xmx1g",
                "-XX:TieredStopAtLevel=1", // it ends before what C2 compiles has paid
                "-Dnightshift.launcher=true",
                "-cp",
                System.getProperty("java.class.path"),
                "io.nightshift.job.Nightshift",
                command,
                folder.resolve("job.yaml").toString()));
    for (String override : overrides) {
      arguments.addAll(List.of("--set", override));
    }
    return new ProcessBuilder(arguments)
        .redirectOutput(folder.resolve("out").toFile())
        .redirectError(folder.resolve("err").toFile())
        .start();
  }
}
