package io.nightshift.job;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The program as users start it: through the launcher, and through Flink's client. */
class LauncherIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String JAVA = System.getProperty("java.home");

  @TempDir private Path folder = Path.of("");

  @Test
  void theLauncherRunsACommand() throws Exception {
    Ended ended = launch(ROOT, Map.of(), "models");

    assertThat(ended.err).isEmpty();
    assertThat(ended.out).startsWith("Supported\n");
    assertThat(ended.status).isZero();
  }

  @Test
  void theLauncherWorksThroughALink() throws Exception {
    Path link = Files.createSymbolicLink(folder.resolve("ns"), ROOT.resolve("bin/nightshift"));

    Ended ended = start(List.of(link.toString(), "--version"), Map.of());
    Files.delete(link);

    assertThat(ended.out).startsWith("nightshift ");
    assertThat(ended.status).isZero();
  }

  @Test
  void theLauncherPassesStatusAndComplaintOn() throws Exception {
    Ended ended = launch(ROOT, Map.of(), "modles");

    assertThat(ended.status).isEqualTo(2);
    assertThat(ended.err)
        .isEqualTo(
            "nightshift: Unmatched argument at index 0: 'modles'; did you mean models?; see"
                + " nightshift --help\n");
  }

  @Test
  void theLauncherSaysThatNothingIsBuilt() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("checkout/bin"));
    Files.copy(ROOT.resolve("bin/nightshift"), bin.resolve("nightshift"));

    Ended ended = launch(folder.resolve("checkout"), Map.of(), "models");

    assertThat(ended.status).isEqualTo(1);
    assertThat(ended.err)
        .contains("nightshift.jar is not built; run 'mvn package -DskipTests' in ");
  }

  @Test
  void theLauncherWantsJava17() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("old/bin"));
    Path java = bin.resolve("java");
    Files.writeString(java, "#!/bin/sh\necho 'openjdk version \"11.0.2\" 2019-01-15' >&2\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();

    Ended old = launch(ROOT, Map.of("JAVA_HOME", folder.resolve("old").toString()), "models");
    Ended none = launch(ROOT, Map.of("JAVA_HOME", folder.resolve("none").toString()), "models");

    assertThat(old.status).isEqualTo(1);
    assertThat(old.err).endsWith("is Java 11; install version 17 or later, or set JAVA_HOME\n");
    assertThat(none.status).isEqualTo(1);
    assertThat(none.err).contains("there is no bin/java in it; correct or unset it");
  }

  @Test
  void flinksClientRunsTheSameCommands() throws Exception {
    Ended ended = flinkRun("models");

    assertThat(ended.out).contains("Supported\n");
    assertThat(ended.status).as(ended.err).isZero();
  }

  @Test
  void flinksClientPassesStatusAndComplaintOn() throws Exception {
    Ended ended = flinkRun("modles");

    assertThat(ended.status).isEqualTo(2);
    assertThat(ended.err)
        .contains("nightshift: Unmatched argument at index 0: 'modles'; did you mean models?")
        .doesNotContain("\tat ");
  }

  private Ended launch(Path root, Map<String, String> environment, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(root.resolve("bin/nightshift").toString());
    command.addAll(List.of(arguments));
    return start(command, environment);
  }

  /** What the script {@code flink} of Flink's distribution does, on the jars in target/lib. */
  private Ended flinkRun(String... arguments) throws IOException, InterruptedException {
    Path configuration = Files.createDirectories(folder.resolve("flink"));
    Files.writeString(configuration.resolve("config.yaml"), "execution.target: local\n");
    List<String> command =
        new ArrayList<>(
            List.of(
                JAVA + "/bin/java",
                "--add-opens=java.base/java.util=ALL-UNNAMED",
                "-cp",
                ROOT + "/job/target/lib/*",
                "org.apache.flink.client.cli.CliFrontend",
                "run",
                ROOT + "/job/target/nightshift.jar"));
    command.addAll(List.of(arguments));
    return start(command, Map.of("FLINK_CONF_DIR", configuration.toString()));
  }

  private Ended start(List<String> command, Map<String, String> environment)
      throws IOException, InterruptedException {
    File out = folder.resolve("out").toFile();
    File err = folder.resolve("err").toFile();
    ProcessBuilder builder = new ProcessBuilder(command).redirectOutput(out).redirectError(err);
    builder.environment().put("JAVA_HOME", JAVA);
    builder.environment().put("NIGHTSHIFT_CACHE", folder.resolve("cache").toString());
    builder.environment().put("NIGHTSHIFT_LOG", folder.resolve("log").toString());
    builder.environment().putAll(environment);
    Process process = builder.start();
    if (!process.waitFor(120, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException(command + " did not end");
    }
    return new Ended(
        process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
  }

  private record Ended(int status, String out, String err) {}
}
