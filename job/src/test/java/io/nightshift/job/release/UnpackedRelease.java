package io.nightshift.job.release;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * An archive that has been unpacked, on a machine that has Java, a shell and some of its tools, and
 * neither Maven nor this source tree.
 *
 * @param root the folder that was in the archive
 * @param home of the user
 * @param tools what is on the PATH
 */
record UnpackedRelease(Path root, Path home, Path tools) {
  private static final List<String> TOOLS =
      List.of("bash", "cut", "dirname", "env", "head", "locale", "readlink", "sed", "stty");

  /** The archive that the build has made. */
  static Path archive() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("target"))) {
      List<Path> archives =
          files
              .filter(file -> file.getFileName().toString().endsWith("-bin.tar.gz"))
              .map(Path::toAbsolutePath)
              .toList();
      assertThat(archives).as("archives; mvn verify -Prelease makes one").hasSize(1);
      return archives.get(0);
    }
  }

  /** Unpacks it into a new folder. */
  static UnpackedRelease in(Path folder) throws IOException, InterruptedException {
    Path unpacked = Files.createDirectories(folder.resolve("opt"));
    Process tar =
        new ProcessBuilder("tar", "-xzf", archive().toString(), "-C", unpacked.toString())
            .inheritIO()
            .start();
    assertThat(tar.waitFor()).isZero();
    Path tools = Files.createDirectories(folder.resolve("tools"));
    for (String tool : TOOLS) {
      Path script = tools.resolve(tool);
      Files.writeString(script, "#!/usr/bin/bash\nexec /usr/bin/%s \"$@\"\n".formatted(tool));
      assertThat(script.toFile().setExecutable(true)).isTrue();
    }
    try (Stream<Path> roots = Files.list(unpacked)) {
      return new UnpackedRelease(
          roots.toList().get(0), Files.createDirectories(folder.resolve("home")), tools);
    }
  }

  /** Runs its launcher in its folder. */
  Ended nightshift(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(root.resolve("bin/nightshift").toString()));
    command.addAll(List.of(arguments));
    return run(command, "");
  }

  /** Runs a command in its folder. */
  Ended run(List<String> command, String input) throws IOException, InterruptedException {
    Path in = Files.writeString(home.resolve("in"), input);
    Path out = home.resolve("out");
    Path err = home.resolve("err");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(root.toFile())
            .redirectInput(in.toFile())
            .redirectOutput(out.toFile())
            .redirectError(err.toFile());
    Map<String, String> environment = builder.environment();
    environment.clear();
    environment.put("PATH", tools.toString());
    environment.put("HOME", home.toString());
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("NIGHTSHIFT_JAVA_OPTIONS", "-Duser.home=" + home);
    Process process = builder.start();
    if (!process.waitFor(240, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException(command + " did not end");
    }
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  record Ended(int status, String out, String err) {}
}
