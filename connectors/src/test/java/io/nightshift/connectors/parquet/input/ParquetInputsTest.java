package io.nightshift.connectors.parquet.input;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.input.ArrowSourceBuilder;
import io.nightshift.connectors.parquet.Fixture;
import io.nightshift.connectors.parquet.decode.Batches;
import io.nightshift.connectors.source.ArrowSource;
import io.nightshift.connectors.source.SplitPosition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetInputsTest {
  @TempDir private Path folder;

  @BeforeEach
  void layOutFiles() throws IOException {
    copy("pyarrow-bytes", "one/a.parquet");
    copy("pyarrow-bytes", "one/b.parquet");
    copy("pyarrow-bytes", "two/deep/c.parquet");
    copy("pyarrow-bytes", "two/[d].parquet");
    Files.writeString(folder.resolve("one/_SUCCESS"), "");
    Files.writeString(folder.resolve("two/.a.parquet.crc"), "no Parquet");
    copy("pyarrow-bytes", "two/_temporary/e.parquet");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          one/a.parquet      | a.parquet
          one                | a.parquet b.parquet
          ''                 | a.parquet b.parquet [d].parquet c.parquet
          */*.parquet        | a.parquet b.parquet [d].parquet
          one/[b-z].parquet  | b.parquet
          one/?.parquet      | a.parquet b.parquet
          {one,two}/deep     | c.parquet
          **/c.parquet       | c.parquet
          **                 | a.parquet b.parquet [d].parquet c.parquet
          t*                 | [d].parquet c.parquet
          two/[d].parquet    | [d].parquet
          two/[[]d].par*     | [d].parquet
          {one,two/deep}/*   | a.parquet b.parquet c.parquet
          {o{n,x}e/a*,two/deep/*} | a.parquet c.parquet
          """)
  void aPathMeansFilesFoldersOrAGlob(String path, String files) throws IOException {
    ParquetInputs inputs = ParquetInputs.inspect(folder + "/" + path);
    assertThat(inputs.files())
        .extracting(file -> file.path().substring(file.path().lastIndexOf('/') + 1))
        .containsExactly(files.split(" "));
    assertThat(inputs.rows()).isEqualTo(61L * files.split(" ").length);
  }

  @Test
  void aFileIsReadOnceThoughSeveralPathsMeanIt() throws IOException {
    ParquetInputs inputs = ParquetInputs.inspect(folder + "/one", folder + "/*/a.parquet");
    assertThat(inputs.files()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource({
    "nowhere, no such file or folder",
    "nowhere/*.parquet, no files are found",
    "one/x*, no files are found",
    "one/[a, not a glob pattern",
    "two/_temporary/x, no such file or folder"
  })
  void aPathThatMeansNothingIsNamed(String path, String message) {
    assertThatThrownBy(() -> ParquetInputs.inspect(folder + "/" + path))
        .isInstanceOf(FileReadException.class)
        .hasMessageContaining(path.substring(path.lastIndexOf('/') + 1))
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a:b",
        "2024-01-01T12:30:00",
        "a b",
        "100%",
        "%20",
        "a+b",
        "a#b",
        "what?",
        "[a]",
        "a]",
        "{a}",
        "a,b",
        "*",
        "a'b",
        "a\"b",
        "na\u00efve \u8a71",
        "-rf",
        "a;b&c",
        "x=1:2",
        "a ",
        " a"
      })
  void aNameMayHaveAnyCharacter(String name) throws IOException {
    String file = name + ".parquet";
    copy("pyarrow-bytes", "names/" + name + "/" + file);
    String path = folder + "/names/" + name + "/" + file;
    for (String spelling :
        List.of(path, folder + "/names/" + name, folder + "/names", "names/*/*")) {
      ParquetInputs inputs =
          ParquetInputs.inspect(spelling.startsWith("names") ? folder + "/" + spelling : spelling);
      assertThat(inputs.files()).extracting(ParquetInputFile::path).containsExactly("file:" + path);
      org.apache.flink.core.fs.Path opened =
          new org.apache.flink.core.fs.Path(inputs.files().get(0).path());
      assertThat(opened.getFileSystem().getFileStatus(opened).getLen())
          .isEqualTo(Files.size(Path.of(path)));
    }
  }

  @Test
  void aNameThatFlinkCannotExpressIsNamed() throws IOException {
    copy("pyarrow-bytes", "names/a\\b.parquet");
    assertThatThrownBy(() -> ParquetInputs.inspect(folder + "/names"))
        .hasMessageContaining("/names has a file \"a\\b.parquet\"")
        .hasMessageContaining("rename it");
  }

  @Test
  void partitionsMayHaveEscapedAndPlainCharacters() throws IOException {
    copy("pyarrow-split-fixed", "parts/at=2024-01-01T12%3A30/x.parquet");
    copy("pyarrow-split-fixed", "parts/at=2024-01-01T12:31+00:00/x.parquet");
    ParquetInputs inputs = ParquetInputs.inspect(folder + "/parts");
    assertThat(inputs.files())
        .extracting(file -> file.folders().get("at"))
        .containsExactly("2024-01-01T12:30", "2024-01-01T12:31+00:00");
  }

  @Test
  void linksAreReadButNothingIsReadTwice() throws IOException {
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("two/deep"));
    assertThat(ParquetInputs.inspect(folder + "/link").files()).hasSize(1);
    assertThat(ParquetInputs.inspect(folder + "/{one,link}/*").files()).hasSize(3);
    assertThatThrownBy(() -> ParquetInputs.inspect(folder.toString()))
        .isInstanceOf(FileReadException.class)
        .hasMessageContaining("link/c.parquet")
        .hasMessageContaining("two/deep/c.parquet")
        .hasMessageContaining("are the same file");

    Files.createSymbolicLink(folder.resolve("one/up"), folder);
    assertThatThrownBy(() -> ParquetInputs.inspect(folder + "/one"))
        .hasMessageContaining("one/up/one: is a link to a folder above it");

    Files.delete(folder.resolve("one/up"));
    Files.createSymbolicLink(folder.resolve("one/gone.parquet"), folder.resolve("nowhere"));
    assertThatThrownBy(() -> ParquetInputs.inspect(folder + "/one"))
        .hasMessageContaining("one/gone.parquet is a link that leads nowhere");
  }

  @Test
  void filesAreDescribedAsTheyAre() throws IOException {
    Path file = Fixture.of("pyarrow-row-groups").parquet();
    ParquetInputFile input = ParquetInputs.inspect(file.toUri().toString()).files().get(0);
    assertThat(input.length()).isEqualTo(Files.size(file));
    assertThat(input.modificationTime()).isEqualTo(Files.getLastModifiedTime(file).toMillis());
    assertThat(input.rows()).isEqualTo(61);
    assertThat(input.rowGroups()).hasSize(16).extracting(group -> group.rows()).endsWith(4L, 1L);
  }

  @Test
  void keyValueFoldersBecomeColumns() throws IOException {
    ParquetInputs inputs = ParquetInputs.inspect(Fixture.FOLDER.resolve("folders").toString());
    assertThat(inputs.schema().getFields())
        .extracting(Field::toString)
        .containsExactly("n: Int(64, true)", "city: Utf8", "day: Int(64, true)");
    List<JsonNode> rows =
        Batches.rows(Batches.read(inputs, inputs.select(), 10, 1 << 20, new SplitPosition(0, 0)));
    assertThat(rows).hasToString("[[10,\"Aix en P\",1], [11,\"Aix en P\",1], [12,\"Aix en P\",1]]");
    assertThat(inputs.files().get(2).folders()).containsEntry("city", null);
  }

  @Test
  void aGlobsFixedPartIsAboveTheKeyValueFolders() throws IOException {
    ParquetInputs inputs =
        ParquetInputs.inspect(Fixture.FOLDER + "/folders/day=01/city=*/*.parquet");
    assertThat(inputs.schema().getFields()).extracting(Field::getName).containsExactly("n", "city");
  }

  @Test
  void foldersOfOtherKeysAreRefused() throws IOException {
    copy("pyarrow-bytes", "parts/day=1/a.parquet");
    copy("pyarrow-bytes", "parts/b.parquet");
    assertThatThrownBy(() -> ParquetInputs.inspect(folder + "/parts"))
        .hasMessageContaining("a.parquet")
        .hasMessageContaining("day");
  }

  @Test
  void columnsComeInTheOrderTheyAreSelectedWithTheRowsOrigin() throws IOException {
    ArrowSource source =
        ArrowSourceBuilder.of(ParquetInputs.inspect(folder + "/one/a.parquet"))
            .columns(List.of("required", "string"))
            .rowOrigin(true)
            .build();
    assertThat(source.schema().getFields())
        .extracting(Field::toString)
        .containsExactly(
            "required: Utf8",
            "string: Utf8",
            "__file: Utf8 not null",
            "__row: Int(64, true) not null",
            "__unreadable: Utf8");
  }

  @Test
  void noColumnsAtAllStillCountRows() throws IOException {
    ParquetInputs inputs = ParquetInputs.inspect(folder + "/one/a.parquet");
    List<JsonNode> rows =
        Batches.rows(
            Batches.read(inputs, inputs.select(List.of()), 10, 1 << 20, new SplitPosition(0, 11)));
    assertThat(rows).hasSize(50);
  }

  @Test
  void anUnknownColumnIsNamedWithTheNearest() {
    assertThatThrownBy(() -> ParquetInputs.inspect(folder + "/one").select(List.of("strnig")))
        .isInstanceOf(FileReadException.class)
        .hasMessageContaining("one/a.parquet: column strnig is missing. Did you mean string?");
  }

  @Test
  void aColumnThatALaterFileLacksIsNamed() throws IOException {
    copy("pyarrow-split-fixed", "one/z.parquet");
    ParquetInputs inputs = ParquetInputs.inspect(folder + "/one");
    assertThatThrownBy(inputs::select)
        .hasMessageContaining("one/z.parquet: column string is missing");
    assertThat(inputs.select(List.of("fixed")).schema().getFields()).hasSize(1);
  }

  @Test
  void aColumnThatOnlyALaterFileHasIsNamed() throws IOException {
    copy("pyarrow-split-fixed", "one/0.parquet");
    assertThatThrownBy(() -> ParquetInputs.inspect(folder + "/one").select())
        .hasMessageContaining("one/0.parquet: column string is missing, but is in")
        .hasMessageContaining("one/a.parquet");
  }

  @Test
  void anotherTypeOfTheSameColumnIsNamed() throws IOException {
    copy("pyarrow-numbers", "types/a.parquet");
    copy("duckdb-numbers", "types/b.parquet");
    ParquetInputs inputs = ParquetInputs.inspect(folder + "/types");
    assertThat(inputs.select(List.of("double", "bool")).columns()).hasSize(2);
    copy("pyarrow-nested", "lists/a.parquet");
    copy("duckdb-nested-zstd", "lists/b.parquet");
    assertThatThrownBy(() -> ParquetInputs.inspect(folder + "/lists").select(List.of("map")))
        .hasMessageContaining("lists/b.parquet: column map is map: Map")
        .hasMessageContaining("lists/a.parquet");
  }

  @Test
  void aTruncatedFileAmongSoundOnesIsNamed() throws IOException {
    byte[] bytes = Files.readAllBytes(Fixture.of("pyarrow-bytes").parquet());
    Files.write(folder.resolve("one/cut.parquet"), Arrays.copyOf(bytes, bytes.length - 9));
    assertThatThrownBy(() -> ParquetInputs.inspect(folder.toString()))
        .isInstanceOf(FileReadException.class)
        .hasMessageContaining("one/cut.parquet")
        .hasMessageContaining("cannot be opened as a Parquet file");
  }

  @Test
  void aCodecThatIsNotSupportedIsNamed() {
    assertThatThrownBy(
            () -> ParquetInputs.inspect(Fixture.FOLDER.resolve("brotli-is-refused.parquet") + ""))
        .isInstanceOf(FileReadException.class)
        .hasMessageContaining("brotli-is-refused.parquet: column string is compressed with BROTLI")
        .hasMessageContaining("ZSTD");
  }

  @Test
  void aFileWithoutColumnsIsNamed() {
    Path file = Fixture.FOLDER.resolve("pyarrow-no-columns-is-refused.parquet");
    assertThatThrownBy(() -> ParquetInputs.inspect(file.toString()))
        .isInstanceOf(FileReadException.class)
        .hasMessageEndingWith(
            "pyarrow-no-columns-is-refused.parquet: has no columns: write the file with at least"
                + " one, or leave it out");
  }

  private void copy(String fixture, String name) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.copy(Fixture.of(fixture).parquet(), file);
  }
}
