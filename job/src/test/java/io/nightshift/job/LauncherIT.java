package io.nightshift.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.job.pipeline.ParquetRows;
import io.nightshift.runtime.model.ModelFolder;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The program as users start it: through the launcher, and through Flink's client. */
class LauncherIT {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** They end before what C2 compiles has paid. */
  private static final String SHORT_LIVED = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

  private static final Map<String, String> WITHOUT_CHARACTERS = Map.of("LC_ALL", "C");
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

  @ParameterizedTest
  @ValueSource(
      strings = {
        "-Duser.language=ar -Duser.country=EG",
        "-Duser.language=th -Duser.country=TH -Duser.extensions=u-nu-thai",
        "-Duser.language=tr -Duser.country=TR"
      })
  void aLocaleWithDigitsOrLettersOfItsOwnChangesNothing(String locale) throws Exception {
    String job = writeJob(folder.resolve("input"), folder.resolve("output"));

    Ended ended =
        launch(
            ROOT,
            Map.of("NIGHTSHIFT_JAVA_OPTIONS", locale),
            "run",
            job,
            "--set=output.order=input");

    assertThat(ended.status).as(ended.err).isZero();
    assertThat(ended.err.lines())
        .as("progress, and no warnings of libraries")
        .allMatch(line -> line.matches("\\d+s  .*"));
    assertThat(ended.out).startsWith("Answered 3 rows in ");
    assertThat(ParquetRows.files(folder.resolve("output")))
        .extracting(file -> file.getFileName().toString())
        .isNotEmpty()
        .allMatch(name -> name.matches("part-00000-0000[0-9]-00000-[0-9a-f]{12}.parquet"));
    try (Stream<Path> plans = Files.list(folder.resolve("output/_nightshift/plan"))) {
      assertThat(plans)
          .extracting(plan -> plan.getFileName().toString())
          .hasSize(1)
          .allMatch(name -> name.matches("00000-[0-9a-f]{12}"));
    }
  }

  /** Names are made and looked at by the shell: this JVM may know no such characters itself. */
  @Test
  void theLauncherKnowsAllCharactersInALocaleWithoutThem() throws Exception {
    String job = writeJob(folder.resolve("input"), folder.resolve("output"));
    shell(
        "mkdir -p $'input/\\xc3\\xbc' && mv input/a.parquet $'input/\\xc3\\xbc/\\xc3\\xa9.parquet'");
    String arguments =
        "--set $'answer.choices=[gr\\xc3\\xb6\\xc3\\x9fer, kleiner]' --set output.path=$'%s/\\xc3\\xb6ffnen'";

    Ended ended =
        start(
            List.of(
                "bash",
                "-c",
                ROOT + "/bin/nightshift run " + job + " " + arguments.formatted(folder)),
            WITHOUT_CHARACTERS);
    shell("mv $'\\xc3\\xb6ffnen' output");

    assertThat(ended.status).as(ended.err).isZero();
    assertThat(ended.out).contains("/\u00f6ffnen");
    assertThat(ParquetRows.read(folder.resolve("output")))
        .hasSize(3)
        .allSatisfy(
            row ->
                assertThat(row.getGroup("choice_probabilities", 0).toString())
                    .contains("key: gr\u00f6\u00dfer"));
  }

  @Test
  void anArgumentThatJavaCannotDecodeIsRefused() throws Exception {
    String arguments = "run job.yaml --set $'answer.choices=[gr\\xc3\\xb6\\xc3\\x9fer]'";

    Ended ended = start(List.of("bash", "-c", javaCommand() + arguments), WITHOUT_CHARACTERS);

    assertThat(ended.status).isEqualTo(2);
    assertThat(ended.err)
        .startsWith("nightshift: cannot decode the argument 'answer.choices=[gr")
        .contains("set LC_ALL=C.UTF-8 in the environment of the process");
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '"',
      value = {"input, input.path", "output, output.path", "model, the model's path"})
  void aPathThatJavaCannotNameIsRefused(String option, String name) throws Exception {
    String job = writeJob(folder.resolve("input"), folder.resolve("output"));
    Path file = Path.of(job);
    Files.writeString(
        file, Files.readString(file).replace(folder + "/" + option, folder + "/\u00fc" + option));

    Ended ended = start(List.of("bash", "-c", javaCommand() + "run " + job), WITHOUT_CHARACTERS);

    assertThat(ended.status).isEqualTo(2);
    assertThat(ended.err)
        .contains("nightshift: " + name + " " + folder + "/\u00fc" + option + " has characters")
        .contains("set LC_ALL=C.UTF-8");
  }

  @Test
  void aFileBelowTheInputThatJavaCannotNameIsRefused() throws Exception {
    String job = writeJob(folder.resolve("input"), folder.resolve("output"));
    shell("cp input/a.parquet $'input/\\xc3\\xa9.parquet'");

    Ended ended = start(List.of("bash", "-c", javaCommand() + "run " + job), WITHOUT_CHARACTERS);

    assertThat(ended.status).isEqualTo(2);
    assertThat(ended.err)
        .contains("nightshift: " + folder + "/input/")
        .contains(".parquet has characters that this process cannot name")
        .contains("set LC_ALL=C.UTF-8");
  }

  @ParameterizedTest
  @CsvSource({
    "-Djava.io.tmpdir=NOEXEC, -Djava.io.tmpdir=FOLDER",
    "-Duser.home=NOEXEC, -Dorg.bytedeco.javacpp.cachedir=FOLDER",
    "-Duser.home=NOEXEC -Dorg.bytedeco.javacpp.cachedir=CACHE, -Djna.tmpdir=FOLDER"
  })
  void aFolderThatAllowsNoExecutionIsToldWithItsOption(String options, String remedy)
      throws Exception {
    String job = writeJob(folder.resolve("input"), folder.resolve("output"));
    Path noexec = Files.createDirectory(folder.resolve("noexec"));
    String mounted =
        "mount -t tmpfs -o noexec noexec %s && exec %s run %s"
            .formatted(noexec, ROOT.resolve("bin/nightshift"), job);

    Ended ended =
        start(
            List.of("unshare", "--mount", "bash", "-c", mounted),
            Map.of(
                "NIGHTSHIFT_JAVA_OPTIONS",
                options
                    .replace("NOEXEC", noexec.toString())
                    .replace("CACHE", folder.resolve("javacpp").toString())));

    assertThat(ended.status).isEqualTo(1);
    assertThat(ended.err).contains(noexec.toString(), "allows no execution (noexec)", remedy);
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

  /** Writes a small job over three rows, in files of these names. */
  private String writeJob(Path input, Path output) throws IOException {
    Files.createDirectories(input);
    ParquetRows.write(
        input.resolve("a.parquet"),
        "message notes { required int64 id; required binary body (STRING); }",
        3,
        (id, row) -> row.append("id", (long) id).append("body", "note " + id));
    ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    Path job = folder.resolve("job.yaml");
    Files.writeString(
        job,
        """
        input: {path: %s}
        model: {path: %s/model, device: cpu}
        prompt: {text: "{{ body }}"}
        answer: {choices: [a, b]}
        output: {path: %s}
        engine: {kv-cache-memory: 2m}
        """
            .formatted(input, folder, output));
    return job.toString();
  }

  /** What the launcher does, but for the locale: the beginning of a shell's command. */
  private static String javaCommand() {
    return "%s/bin/java -XX:TieredStopAtLevel=1 --add-opens=java.base/java.nio=ALL-UNNAMED -Dnightshift.launcher=true -cp '%s:%s' io.nightshift.job.Nightshift "
        .formatted(JAVA, ROOT + "/job/target/nightshift.jar", ROOT + "/job/target/lib/*");
  }

  private void shell(String command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder("bash", "-c", command).directory(folder.toFile()).start();
    assertThat(process.waitFor()).as(command).isZero();
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
                "-XX:TieredStopAtLevel=1",
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
    builder
        .environment()
        .merge("NIGHTSHIFT_JAVA_OPTIONS", SHORT_LIVED, (options, added) -> options + " " + added);
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
