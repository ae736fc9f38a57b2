package io.nightshift.job.cluster;

import io.nightshift.runtime.runner.DeviceBusyException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/**
 * A GPU that one engine holds at a time, among those of all processes that share a tally: a locked
 * file beside it, which stays there.
 */
final class FakeGpu implements AutoCloseable {
  private static final String NAME = ".gpu-";

  private final FileChannel file;

  private FakeGpu(FileChannel file) {
    this.file = file;
  }

  /**
   * @throws DeviceBusyException if another engine has taken it
   */
  static FakeGpu take(Path tally, int gpu) throws IOException {
    Path path = Path.of(tally + NAME + gpu);
    FileChannel file = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      if (file.tryLock() != null) {
        return new FakeGpu(file);
      }
    } catch (OverlappingFileLockException e) {
      // Held by another task of this process.
    }
    file.close();
    throw new DeviceBusyException("GPU " + gpu + " is held by another engine");
  }

  /** The numbers of the GPUs that engines have asked for. */
  static List<Integer> asked(Path tally) throws IOException {
    String prefix = tally.getFileName() + NAME;
    try (Stream<Path> files = Files.list(tally.resolveSibling("."))) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .map(name -> Integer.valueOf(name.substring(prefix.length())))
          .sorted()
          .toList();
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }
}
