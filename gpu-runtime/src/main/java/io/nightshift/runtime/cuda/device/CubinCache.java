package io.nightshift.runtime.cuda.device;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Compiled kernels on disk, each in a file named by a hash of all that it was made from. A file
 * that exists is whole: it is written under another name and moved.
 */
final class CubinCache {
  private final Path folder;

  CubinCache(Path folder) {
    this.folder = folder;
  }

  /**
   * The machine code of a source, compiled where the cache has none.
   *
   * @param compilerVersion part of what the code is made from
   */
  byte[] get(
      KernelSource source, String architecture, String compilerVersion, Supplier<byte[]> compile) {
    String hash = hash(source, architecture, compilerVersion);
    Path file = folder.resolve(source.name() + "-" + architecture + "-" + hash + ".cubin");
    try {
      if (Files.exists(file)) {
        return Files.readAllBytes(file);
      }
      byte[] cubin = compile.get();
      Files.createDirectories(folder);
      Path written = Files.createTempFile(folder, source.name(), ".new");
      Files.write(written, cubin);
      Files.move(written, file, StandardCopyOption.ATOMIC_MOVE);
      return cubin;
    } catch (IOException e) {
      throw new UncheckedIOException("the cache of compiled kernels " + folder, e);
    }
  }

  private static String hash(KernelSource source, String architecture, String compilerVersion) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      add(digest, source.text());
      new TreeMap<>(source.headers())
          .forEach(
              (name, text) -> {
                add(digest, name);
                add(digest, text);
              });
      source.options().forEach(option -> add(digest, option));
      add(digest, architecture);
      add(digest, compilerVersion);
      return HexFormat.of().formatHex(digest.digest(), 0, 10);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The length first, so that no two lists of texts look the same. */
  private static void add(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.UTF_8));
    digest.update(bytes);
  }
}
