package io.nightshift.runtime.cuda.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Files of caches that processes share: a reader never sees half of one. */
public final class WholeFile {
  private WholeFile() {}

  /** Writes a file, in place of the one that may be there, and makes its folder. */
  public static void replace(Path file, byte[] content) throws IOException {
    Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
    Path written = Files.createTempFile(folder, file.getFileName().toString(), ".new");
    Files.write(written, content);
    Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Writes lines of text, as {@link #replace(Path, byte[])} does.
   *
   * @throws UncheckedIOException naming the file
   */
  public static void replace(Path file, List<String> lines) {
    String text = String.join("\n", lines) + "\n";
    try {
      replace(file, text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be written", e);
    }
  }

  /**
   * The lines of a file; none if there is no such file.
   *
   * @throws UncheckedIOException naming the file
   */
  public static List<String> lines(Path file) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UncheckedIOException(file + " cannot be read", e);
    }
  }
}
