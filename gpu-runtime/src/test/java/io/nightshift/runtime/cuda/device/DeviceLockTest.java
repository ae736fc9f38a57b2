package io.nightshift.runtime.cuda.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.files.MachineLock;
import io.nightshift.runtime.files.OtherUser;
import io.nightshift.runtime.runner.DeviceBusyException;
import io.nightshift.runtime.runner.DeviceException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeviceLockTest {
  private final String uuid = "GPU-" + UUID.randomUUID();
  private final Path file =
      Path.of(System.getProperty("java.io.tmpdir"), "nightshift-gpu-" + uuid + ".lock");

  @TempDir private Path folder;

  @AfterEach
  void deleteFile() throws Exception {
    Files.deleteIfExists(file);
  }

  @Test
  void anEngineOfThisProcessIsRefusedAGpuThatIsHeld() {
    try (DeviceLock lock = DeviceLock.take(0, uuid)) {
      assertThat(lock).isNotNull();
      assertThatThrownBy(() -> DeviceLock.take(0, uuid))
          .isInstanceOf(DeviceBusyException.class)
          .hasMessageContaining("GPU 0 is held by another engine (lock file " + file + ")");
    }
    DeviceLock.take(0, uuid).close();
  }

  @Test
  void engineOfAnotherUserGetsAGpuOnceItIsFree() throws Exception {
    String first;
    try (DeviceLock lock = DeviceLock.take(0, uuid)) {
      assertThat(lock).isNotNull();
      first = byAnotherUser();
    }
    assertThat(first).startsWith("GPU 0 is held by another engine (lock file " + file + ")");
    assertThat(byAnotherUser()).isEqualTo("taken");
  }

  /** Of this user, where there is no other. */
  private String byAnotherUser() throws Exception {
    if (!OtherUser.isThere()) {
      return TakeProgram.take(uuid);
    }
    OtherUser.letInto(folder);
    return OtherUser.run(
        TakeProgram.class,
        folder.resolve("classes"),
        List.of(MachineLock.class, DeviceException.class, DeviceLock.class),
        uuid);
  }

  /** Takes a GPU, and says what came of it. */
  public static final class TakeProgram {
    private TakeProgram() {}

    public static void main(String[] arguments) {
      System.out.println(take(arguments[0]));
    }

    private static String take(String uuid) {
      try (DeviceLock lock = DeviceLock.take(0, uuid)) {
        return lock == null ? "nothing" : "taken";
      } catch (DeviceException e) {
        return String.valueOf(e.getMessage());
      }
    }
  }
}
