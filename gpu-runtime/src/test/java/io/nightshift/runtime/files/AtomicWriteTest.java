package io.nightshift.runtime.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicWriteTest {
  @TempDir private Path folder;

  @Test
  void aFileIsForEverybodyWhomTheUmaskLetsReadIt() throws Exception {
    OtherUser.letInto(folder);
    Path file = folder.resolve("cache/kernel.cubin");
    AtomicWrite.replace(file, "code".getBytes(UTF_8));
    AtomicWrite.replace(folder.resolve("cache/times.txt"), List.of("1 2"));

    Path usual = Files.writeString(folder.resolve("cache/usual"), "written by any program");
    assertThat(Files.getPosixFilePermissions(file))
        .isEqualTo(Files.getPosixFilePermissions(folder.resolve("cache/times.txt")))
        .isEqualTo(Files.getPosixFilePermissions(usual));
    if (OtherUser.isThere()) {
      assertThat(OtherUser.run("cat", file.toString())).isEqualTo("code");
    }
  }

  @Test
  void aFileThatCannotBeWrittenLeavesTheOldOneAndNothingElse() throws Exception {
    Path file = folder.resolve("kernel.cubin");
    AtomicWrite.replace(file, "old".getBytes(UTF_8));

    assertThatThrownBy(
            () ->
                AtomicWrite.create(
                    file,
                    unfinished -> {
                      Files.writeString(unfinished, "half of it");
                      throw new IOException("the connection broke");
                    }))
        .hasMessage("the connection broke");
    assertThat(file).hasContent("old");
    assertThat(folder).isDirectoryNotContaining("glob:**/*.new");
  }

  @Test
  void aFolderOfAnotherUserIsNamedWithTheRemedy() throws Exception {
    OtherUser.letInto(folder);
    if (OtherUser.isThere()) {
      assertThatThrownBy(
              () ->
                  OtherUser.run(
                      WriteProgram.class,
                      folder.resolve("classes"),
                      List.of(AtomicWrite.class),
                      folder.resolve("kernel.cubin").toString()))
          .hasMessageContaining(folder + ": this user may not write here")
          .hasMessageContaining("NIGHTSHIFT_CACHE");
    }
    WriteProgram.main(new String[] {folder.resolve("kernel.cubin").toString()});
    assertThat(folder.resolve("kernel.cubin")).hasContent("content");
  }

  /** Writes a file of a cache. */
  public static final class WriteProgram {
    private WriteProgram() {}

    public static void main(String[] arguments) throws IOException {
      AtomicWrite.replace(Path.of(arguments[0]), "content".getBytes(UTF_8));
    }
  }
}
