package io.nightshift.benchmarks.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.benchmarks.constraint.SchemaCase.Instance;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

class CaseFilesTest {
  private static final String LINES =
      """
      {"name": "first", "schema": {"minimum": 1.0}, "tests": [{"valid": true, "data": 1.50}]}
      {"name": "second", "schema": false, "tests": []}
      """;
  private static final String SUITE =
      """
      [{"description": "group", "schema": {}, "tests": [
          {"description": "a string", "data": "s", "valid": true},
          {"description": "a number", "data": 1, "valid": false}]}]
      """;

  @TempDir private Path folder;

  private static List<SchemaCase> read(Path path) throws IOException {
    List<SchemaCase> cases = new ArrayList<>();
    CaseFiles.read(path, cases::add);
    return cases;
  }

  private static void assertLines(List<SchemaCase> cases) throws IOException {
    assertThat(cases)
        .containsExactly(
            new SchemaCase(
                "first",
                JsonTexts.read("{\"minimum\": 1.0}"),
                List.of(new Instance(true, JsonTexts.read("1.5"), "1.5"))),
            new SchemaCase("second", JsonTexts.read("false"), List.of()));
  }

  private static void assertSuite(List<SchemaCase> cases, String... names) {
    assertThat(cases).extracting(SchemaCase::name).containsExactly(names);
    assertThat(cases.get(0).instances())
        .extracting(Instance::description)
        .containsExactly("a string", "a number");
    assertThat(cases.get(0).instances()).extracting(Instance::valid).containsExactly(true, false);
  }

  @Test
  void linesPlainOrCompressed() throws IOException {
    Path plain = Files.writeString(folder.resolve("cases.jsonl"), LINES);
    assertLines(read(plain));
    Path gz = folder.resolve("cases.jsonl.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gz))) {
      Files.copy(plain, out);
    }
    assertLines(read(gz));
    Path xz = folder.resolve("cases.jsonl.xz");
    try (OutputStream out = new XZOutputStream(Files.newOutputStream(xz), new LZMA2Options(0))) {
      Files.copy(plain, out);
    }
    assertLines(read(xz));
  }

  @Test
  void theSuiteAsFileFolderOrArchive() throws IOException {
    Path file = Files.createDirectory(folder.resolve("draft")).resolve("one.json");
    Files.writeString(file, SUITE);
    Files.writeString(folder.resolve("remote.json"), "{\"type\": \"string\"}");
    assertSuite(read(file), "one.json: group");
    assertSuite(read(folder), "draft/one.json: group");
    Path tar = folder.resolve("suite.tar.xz");
    try (OutputStream out = new XZOutputStream(Files.newOutputStream(tar), new LZMA2Options(0));
        TarArchiveOutputStream archive = new TarArchiveOutputStream(out)) {
      for (String name : List.of("draft/b.json", "README.md", "draft/a.json")) {
        byte[] content = SUITE.getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(name);
        entry.setSize(content.length);
        archive.putArchiveEntry(entry);
        new ByteArrayInputStream(content).transferTo(archive);
        archive.closeArchiveEntry();
      }
    }
    assertSuite(read(tar), "draft/b.json: group", "draft/a.json: group");
  }

  @Test
  void otherFilesAreRefused() throws IOException {
    Path text = Files.writeString(folder.resolve("cases.txt"), LINES);
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("cases.txt: use a folder, or a .jsonl, .json or .tar file");
    Path odd = Files.writeString(folder.resolve("odd.jsonl"), "{\"name\": \"x\"}");
    assertThatThrownBy(() -> read(odd))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("x has no schema");
  }
}
