package io.nightshift.runtime.cuda.device;

import java.io.IOException;
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

  /** Writes lines of text. */
  public static void replace(Path file, List<String> lines) throws IOException {
    String text = String.join("\n", lines) + "\n";
    replace(file, text.getBytes(StandardCharsets.UTF_8));
  }
}
