package io.nightshift.runtime.runner;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;

/** The main memory of this machine that is free for KV caches. */
public final class HostMemory {
  private static final HostMemory OF_THIS_MACHINE = new HostMemory(Path.of("/"));
  private static final long KIBIBYTE = 1024;

  private final Path root;

  /**
   * @param root folder in which the files of Linux are
   */
  HostMemory(Path root) {
    this.root = root;
  }

  public static HostMemory ofThisMachine() {
    return OF_THIS_MACHINE;
  }

  /**
   * Checks that engines can have their host memory.
   *
   * @param bytes {@code engine.host-kv-cache-memory} of each engine
   * @param engines number of engines on this machine
   * @throws DeviceException if that is more than is available
   */
  public void require(long bytes, int engines) {
    OptionalLong available = bytes == 0 ? OptionalLong.empty() : available();
    if (available.isPresent() && bytes > available.getAsLong() / engines) {
      throw new DeviceException(
          "engine.host-kv-cache-memory is %s%s, but this host has %s available; use %s at most, or leave it out"
              .formatted(
                  gibibytes(bytes),
                  engines == 1 ? "" : " for each of " + engines + " engines",
                  gibibytes(available.getAsLong()),
                  option(available.getAsLong() / engines)));
    }
  }

  /**
   * Bytes that new processes can have without swapping, and within the limit of this container;
   * empty if the system does not tell.
   */
  OptionalLong available() {
    OptionalLong machine = ofMachine();
    OptionalLong container = ofContainer();
    if (machine.isEmpty() || container.isEmpty()) {
      return machine.isPresent() ? machine : container;
    }
    return OptionalLong.of(Math.min(machine.getAsLong(), container.getAsLong()));
  }

  /** {@code MemAvailable} of {@code /proc/meminfo} (proc(5)). */
  private OptionalLong ofMachine() {
    return lines("proc/meminfo").stream()
        .filter(line -> line.startsWith("MemAvailable:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * KIBIBYTE)
        .findFirst();
  }

  /** What the memory controller leaves, of version 2 or 1 of control groups. */
  private OptionalLong ofContainer() {
    String first = "sys/fs/cgroup/memory/";
    OptionalLong second =
        left(
            "sys/fs/cgroup/memory.max",
            "sys/fs/cgroup/memory.current",
            "sys/fs/cgroup/memory.stat");
    return second.isPresent()
        ? second
        : left(
            first + "memory.limit_in_bytes",
            first + "memory.usage_in_bytes",
            first + "memory.stat");
  }

  /** The limit minus the usage, without the pages of files that can be dropped. */
  private OptionalLong left(String limitFile, String usageFile, String statisticsFile) {
    OptionalLong limit = number(limitFile);
    OptionalLong usage = number(usageFile);
    if (limit.isEmpty() || usage.isEmpty()) {
      return OptionalLong.empty();
    }
    long droppable =
        lines(statisticsFile).stream()
            .filter(line -> line.matches("inactive_file [0-9]{1,18}"))
            .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(' ') + 1)))
            .findFirst()
            .orElse(0);
    return OptionalLong.of(Math.max(0, limit.getAsLong() - usage.getAsLong() + droppable));
  }

  /** Empty if there is no such file, or no number in it: the limit may be {@code max}. */
  private OptionalLong number(String file) {
    return lines(file).stream()
        .filter(line -> line.matches("[0-9]{1,18}"))
        .mapToLong(Long::parseLong)
        .findFirst();
  }

  private List<String> lines(String file) {
    try {
      return Files.readAllLines(root.resolve(file));
    } catch (IOException e) {
      return List.of(); // Another system, or one without this limit.
    }
  }

  /** As a value of the option. */
  private static String option(long bytes) {
    return (bytes >> 20) + "mb";
  }

  private static String gibibytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GiB", bytes / (double) (1 << 30));
  }
}
