package io.nightshift.runtime.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The memory of this process, as Linux counts it. */
public final class ProcessMemory {
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String PEAK = "VmHWM:";

  private ProcessMemory() {}

  /**
   * The most memory that the process has had in RAM so far: Java heap, native memory, and those
   * pages of mapped files that were read.
   *
   * @return bytes
   */
  public static long peakBytes() {
    try {
      return Files.readAllLines(STATUS).stream()
          .filter(line -> line.startsWith(PEAK))
          .mapToLong(line -> 1024 * Long.parseLong(line.replaceAll("\\D", "")))
          .findFirst()
          .orElseThrow(() -> new IOException(STATUS + ": has no line " + PEAK));
    } catch (IOException e) {
      throw new UncheckedIOException("The peak memory of the process cannot be told", e);
    }
  }
}
