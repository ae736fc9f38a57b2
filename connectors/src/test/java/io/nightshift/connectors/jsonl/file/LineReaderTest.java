package io.nightshift.connectors.jsonl.file;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.files.FileReadException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LineReaderTest {
  @TempDir private Path folder = Path.of("");

  @Test
  void linesEndWithLineFeedsOrTheText() throws IOException {
    assertThat(lines("a\n\nb\r\n \nc")).containsExactly("a", "", "b", " ", "c");
    assertThat(lines("a\n")).containsExactly("a");
    assertThat(lines("\n")).containsExactly("");
    assertThat(lines("")).isEmpty();
    assertThat(lines("\uFEFFa\n\uFEFFb")).containsExactly("a", "\uFEFFb");
    assertThat(lines("\uFEFF")).containsExactly("");
  }

  @Test
  void everyLineIsInOneRangeWhereverTheTextIsCut() throws IOException {
    String text = "first\nsecond\r\n\n\nfifth 日本語\n" + "x".repeat(200_000) + "\nlast";
    TextFile file = write(text);
    int length = text.getBytes(UTF_8).length;
    List<String> whole = read(LineReader.at(file, 0, length));
    assertThat(whole).hasSize(7);
    for (int cut :
        new int[] {1, 5, 6, 7, 13, 14, 15, 16, 17, 100, 150_000, length - 4, length - 1}) {
      List<String> parts = new ArrayList<>(read(LineReader.within(file, 0, cut)));
      LineReader rest = LineReader.within(file, cut, length);
      long firstLine = rest.nextOffset();
      List<String> behind = read(rest);
      parts.addAll(behind);
      assertThat(parts).as("cut at %s", cut).isEqualTo(whole);
      assertThat(read(LineReader.at(file, firstLine, length))).isEqualTo(behind);
    }
  }

  @Test
  void aLineThatIsTooLongIsNotKept() throws IOException {
    String longest = "x".repeat(LineReader.MAX_LINE_BYTES);
    TextFile file = write("a\n" + longest + "\n" + longest + "y\n" + longest + longest + "z\nb\n");
    try (LineReader lines = LineReader.at(file, 0, Long.MAX_VALUE)) {
      for (boolean tooLong : new boolean[] {false, false, true, true, false}) {
        assertThat(lines.next()).isTrue();
        assertThat(lines.isTooLong()).isEqualTo(tooLong);
        assertThat(lines.isBlank()).isFalse();
      }
      assertThat(text(lines)).isEqualTo("b");
      assertThat(lines.next()).isFalse();
      assertThat(lines.nextOffset()).isEqualTo(Files.size(Path.of(file.path().getPath())));
    }
  }

  @Test
  void otherCompressionsAreRefusedByName() {
    TextFile file = new TextFile(new org.apache.flink.core.fs.Path("/data/a.jsonl.xz"));
    assertThatThrownBy(file::requireReadable)
        .isInstanceOf(FileReadException.class)
        .hasMessageContaining("/data/a.jsonl.xz: files that end with .xz cannot be read")
        .hasMessageContaining("gzip");
  }

  private List<String> lines(String text) throws IOException {
    return read(LineReader.at(write(text), 0, Long.MAX_VALUE));
  }

  private static List<String> read(LineReader lines) throws IOException {
    try (lines) {
      List<String> texts = new ArrayList<>();
      while (lines.next()) {
        texts.add(text(lines));
      }
      return texts;
    }
  }

  private static String text(LineReader lines) {
    return new String(lines.buffer(), lines.start(), lines.length(), UTF_8);
  }

  private TextFile write(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("a.jsonl"), text);
    return new TextFile(new org.apache.flink.core.fs.Path(file.toUri()));
  }
}
