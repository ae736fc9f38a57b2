package io.nightshift.runtime.files;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What tools/python-env leaves in a cache folder, here without any packages. */
class PythonEnvironmentTest {
  @TempDir private Path folder;

  @Test
  void anEnvironmentInASharedCacheIsForEverybody() throws Exception {
    OtherUser.letInto(folder);
    Path script = folder.resolve("python-env");
    Files.copy(Path.of("..", "tools", "python-env"), script);
    Files.writeString(folder.resolve("requirements.txt"), "");
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", "umask 022; exec bash " + script)
            .redirectError(ProcessBuilder.Redirect.INHERIT);
    builder.environment().put("NIGHTSHIFT_CACHE", folder.resolve("cache").toString());

    String interpreter = output(builder.start());

    Path environment = Path.of(interpreter, "..", "..").normalize();
    assertThat(Files.getPosixFilePermissions(environment))
        .isEqualTo(PosixFilePermissions.fromString("rwxr-xr-x"));
    if (OtherUser.isThere()) {
      assertThat(OtherUser.run("cat", environment.resolve("pyvenv.cfg").toString()))
          .contains("version");
    }
  }

  private static String output(Process process) throws IOException, InterruptedException {
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return output.strip();
  }
}
