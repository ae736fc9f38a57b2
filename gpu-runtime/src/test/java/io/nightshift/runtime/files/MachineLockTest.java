package io.nightshift.runtime.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MachineLockTest {
  @TempDir private Path folder;

  @Test
  void anotherUserTakesALockThatIsFreeAndFindsOneThatIsHeld() throws Exception {
    Path file = sharedFolder().resolve("gpu.lock");

    try (MachineLock lock = MachineLock.tryTake(file).orElseThrow()) {
      assertThat(lock).isNotNull();
      assertThat(Files.getPosixFilePermissions(file))
          .isEqualTo(PosixFilePermissions.fromString("rw-rw-rw-"));
      assertThat(byAnotherUser(file)).isEqualTo("held");
    }
    assertThat(byAnotherUser(file)).isEqualTo("taken");
  }

  @Test
  void anotherUsersFileIsLocked() throws Exception {
    Path file = sharedFolder().resolve("gpu.lock");
    assertThat(byAnotherUser(file)).isEqualTo("taken");

    MachineLock.tryTake(file).orElseThrow().close();

    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(PosixFilePermissions.fromString("rw-rw-rw-"));
  }

  @Test
  void aFileThatOnlyItsOwnerCanOpenIsNamedWithTheRemedy() throws Exception {
    Path file = Files.createFile(sharedFolder().resolve("gpu.lock"));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
    if (OtherUser.isThere()) {
      assertThatThrownBy(() -> byAnotherUser(file))
          .hasMessageContaining(
              file
                  + ": this user may not open the lock file, which belongs to root; delete it once"
                  + " no process of theirs uses it");
    }

    MachineLock.tryTake(file).orElseThrow().close();

    assertThat(byAnotherUser(file)).as("once its owner has taken it").isEqualTo("taken");
  }

  @Test
  void aThreadThatIsRefusedDoesNotLoseTheLockOfAnother() throws Exception {
    Path file = folder.resolve("gpu.lock");
    try (MachineLock lock = MachineLock.tryTake(file).orElseThrow()) {
      assertThat(lock).isNotNull();
      assertThat(MachineLock.tryTake(file)).isEmpty();
      assertThat(byAnotherProcess(file)).isEqualTo("held");
    }
    Optional<MachineLock> again = MachineLock.tryTake(file);
    assertThat(again).isPresent();
    again.get().close();
  }

  /** As /tmp: everybody writes there, and nobody deletes what is another's. */
  private Path sharedFolder() throws IOException, InterruptedException {
    OtherUser.letInto(folder);
    Path shared = Files.createDirectories(folder.resolve("shared"));
    new ProcessBuilder("chmod", "1777", shared.toString()).start().waitFor();
    return shared;
  }

  /** Of this user, where there is no other. */
  private String byAnotherUser(Path file) throws IOException, InterruptedException {
    return OtherUser.isThere()
        ? OtherUser.run(
            LockProgram.class,
            folder.resolve("classes"),
            List.of(MachineLock.class),
            file.toString())
        : byAnotherProcess(file);
  }

  private static String byAnotherProcess(Path file) throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                LockProgram.class.getName(),
                file.toString())
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
  }
}
