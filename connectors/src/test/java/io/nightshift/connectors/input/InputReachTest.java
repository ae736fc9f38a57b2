package io.nightshift.connectors.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.parquet.Fixture;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InputReachTest {
  @TempDir private Path folder;
  @TempDir private Path outside;

  @BeforeEach
  void layOutFiles() throws IOException {
    copy("data/jan/a.parquet");
    copy("data/feb/b.parquet");
    copy("data/c.parquet");
    copy("elsewhere/d.parquet");
    Files.createSymbolicLink(folder.resolve("alias"), folder.resolve("data"));
    Files.createSymbolicLink(folder.resolve("data/linked"), folder.resolve("elsewhere"));
    Files.createSymbolicLink(outside.resolve("later"), folder.resolve("data/new"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          data              | data                 | READ
          data              | data/answers         | READ
          data              | data/x/../_answers/y | READ
          data/             | data//jan            | READ
          data              | alias/answers        | READ
          alias             | data/answers         | READ
          data              | elsewhere/answers    | READ
          data              | .                    | CONTAINS_INPUT
          data              | database             |
          data              | data-2               |
          data/c.parquet    | data                 | CONTAINS_INPUT
          data/c.parquet    | data/c.parquet       | CONTAINS_INPUT
          data/c.parquet    | data/answers         |
          data/*            | data/answers         | READ
          data/*            | data/answers/deep    | READ
          data/*/*.parquet  | data/answers         | READ
          data/*.parquet    | data/answers         |
          data/*.parquet    | data/answers.parquet | READ
          data/*.parquet    | data                 | READ
          data/j*/*.parquet | data/answers         |
          data/j*/*.parquet | data/january         | READ
          data/{jan,x/y}/*  | data/x/y             | READ
          data/{jan,x/y}/*  | data/x/z             |
          data/**           | data/jan/deep/down   | READ
          data/**/*.parquet | data/anywhere/else   | READ
          data/*            | elsewhere/answers    | READ
          data/l*/d.parquet | elsewhere/answers    |
          """)
  void aFolderThatTheInputReachesIsFound(String input, String output, String overlap)
      throws IOException {
    InputReach reach = ParquetInputs.inspect(folder + "/" + input).reach();

    assertThat(reach.overlap(path(folder + "/" + output)).map(Enum::name).orElse(null))
        .isEqualTo(overlap);
    assertThat(reach.overlap(path("file://" + folder + "/" + output)).map(Enum::name).orElse(null))
        .isEqualTo(overlap);
    assertThat(reach.overlap(path("s3:/" + folder + "/" + output))).isEmpty();
  }

  @Test
  void aLinkToAFolderThatIsNotThereYetIsFollowed() throws IOException {
    InputReach reach = ParquetInputs.inspect(folder + "/data").reach();

    assertThat(reach.overlap(path(outside + "/later"))).contains(InputReach.Overlap.READ);
    assertThat(reach.overlap(path(outside + "/later/below"))).contains(InputReach.Overlap.READ);
    assertThat(reach.overlap(path(outside + "/sooner"))).isEmpty();
  }

  @Test
  void theSchemeOfTheInputMakesNoDifference() throws IOException {
    InputReach reach = ParquetInputs.inspect("file:" + folder + "/data").reach();

    assertThat(reach.overlap(path(folder + "/data/answers"))).contains(InputReach.Overlap.READ);
  }

  private static org.apache.flink.core.fs.Path path(String text) {
    return new org.apache.flink.core.fs.Path(text);
  }

  private void copy(String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.copy(Fixture.of("pyarrow-bytes").parquet(), file);
  }
}
