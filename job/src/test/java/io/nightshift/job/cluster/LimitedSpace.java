package io.nightshift.job.cluster;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/**
 * A folder that can run out of space: a file system of its own in memory where this user may mount
 * one, or else one whose writers may write no file longer than two kilobytes.
 */
interface LimitedSpace extends AutoCloseable {
  /** From now on nothing more fits in. */
  void exhaust() throws Exception;

  /** Makes room. */
  void free() throws Exception;

  @Override
  void close() throws Exception;

  /**
   * @param folder which is made
   * @param writers the processes that write to it
   */
  static LimitedSpace of(Path folder, String size, Supplier<List<TestProcess>> writers)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    boolean mounted =
        Commands.succeeds(
            "mount", "-t", "tmpfs", "-o", "size=" + size, "nightshift", folder.toString());
    return mounted ? new SmallDisk(folder) : new FileSizeLimit(writers);
  }

  /** A small disk, and a file that fills it up. */
  record SmallDisk(Path folder) implements LimitedSpace {
    private Path ballast() {
      return folder.resolve("ballast");
    }

    @Override
    public void exhaust() throws IOException {
      try (OutputStream file = Files.newOutputStream(ballast())) {
        byte[] block = new byte[4096];
        for (long free = folder.toFile().getUsableSpace(); free > 0; free -= block.length) {
          file.write(block);
        }
      } catch (IOException full) {
        if (folder.toFile().getUsableSpace() > 0) {
          throw full;
        }
      }
    }

    @Override
    public void free() throws IOException {
      Files.delete(ballast());
    }

    @Override
    public void close() throws IOException, InterruptedException {
      Commands.run("umount", "--lazy", folder.toString());
    }
  }

  /** The operating system's limit of the size of a process' files. */
  record FileSizeLimit(Supplier<List<TestProcess>> writers) implements LimitedSpace {
    private static final String BYTES = "2000";

    private void limit(String soft) throws IOException, InterruptedException {
      for (TestProcess writer : writers.get()) {
        Commands.run("prlimit", "--pid", Long.toString(writer.pid()), "--fsize=" + soft + ":");
      }
    }

    @Override
    public void exhaust() throws IOException, InterruptedException {
      limit(BYTES);
    }

    @Override
    public void free() throws IOException, InterruptedException {
      limit("unlimited");
    }

    @Override
    public void close() {}
  }
}
