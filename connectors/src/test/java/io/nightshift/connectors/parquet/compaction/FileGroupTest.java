package io.nightshift.connectors.parquet.compaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.core.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileGroupTest {
  private static final int TARGET = 100;

  @TempDir private java.nio.file.Path folder = java.nio.file.Path.of("");

  @Test
  void largeFilesAreLeftAlone() throws IOException {
    file("part-a", 100);
    file("part-b", 500);
    file("part-c", 99);

    assertThat(groups()).isEmpty();

    file("part-d", 1);

    assertThat(groups()).containsExactly(List.of("part-d", "part-c"));
  }

  @Test
  void aGroupEndsWithTheFileThatFillsIt() throws IOException {
    for (int number = 0; number < 10; number++) {
      file("part-" + number, 30);
    }

    assertThat(groups())
        .containsExactly(
            List.of("part-0", "part-1", "part-2", "part-3"),
            List.of("part-4", "part-5", "part-6", "part-7"),
            List.of("part-8", "part-9"));
  }

  @Test
  void mergedFilesAloneAreNotMergedAgain() throws IOException {
    file("part-run-compacted-" + "a", 10);
    file("part-run-compacted-" + "b", 20);

    assertThat(groups()).isEmpty();
  }

  @Test
  void aMergedFileWaitsForAsManyBytesOfOthers() throws IOException {
    file("part-run-compacted-" + "a", 50);
    file("part-a", 20);
    file("part-b", 20);

    assertThat(groups()).containsExactly(List.of("part-a", "part-b"));

    file("part-c", 10);

    assertThat(groups())
        .containsExactly(List.of("part-c", "part-a", "part-b", "part-run-compacted-" + "a"));
  }

  private void file(String name, int bytes) throws IOException {
    Files.write(folder.resolve(name), new byte[bytes]);
  }

  private List<List<String>> groups() throws IOException {
    Path path = new Path(folder.toUri());
    return FileGroup.of(path, Arrays.asList(path.getFileSystem().listStatus(path)), TARGET).stream()
        .map(group -> group.files().stream().map(FileGroup.Member::name).toList())
        .toList();
  }
}
