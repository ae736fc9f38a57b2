package io.nightshift.runtime.cuda.device;

import io.nightshift.runtime.files.AtomicWrite;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Compiled kernels on disk, each in a file that is named by a hash of everything it depends on. */
final class CubinCache {
  private final Path folder;

  CubinCache(Path folder) {
    this.folder = folder;
  }

  /**
   * The machine code of a source, which is compiled if it is not in the cache.
   *
   * @param compilerVersion version of the compiler, on which the code depends
   */
  byte[] get(
      KernelSource source, String architecture, String compilerVersion, Supplier<byte[]> compile) {
    String hash = source.fingerprint(architecture, compilerVersion);
    Path file = folder.resolve(source.name() + "-" + architecture + "-" + hash + ".cubin");
    try {
      if (Files.exists(file)) {
        return Files.readAllBytes(file);
      }
      byte[] cubin = compile.get();
      AtomicWrite.replace(file, cubin);
      return cubin;
    } catch (IOException e) {
      throw new UncheckedIOException("the cache of compiled kernels " + folder, e);
    }
  }
}
