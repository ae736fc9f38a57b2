package io.nightshift.runtime.cuda.host;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processors that Linux may run a thread on (sched_setaffinity(2)). Threads that a thread
 * starts later run on the same ones, and pages that they write first are memory of their node.
 */
public final class ThreadAffinity {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadAffinity.class);

  private static final int CALLING_THREAD = 0;

  private ThreadAffinity() {}

  /** Functions of the C library. */
  interface CLibrary extends Library {
    int sched_setaffinity(int thread, NativeLong bytes, byte[] processors)
        throws LastErrorException;
  }

  /**
   * Binds the calling thread, and all that it starts from now on, to processors. Where the host
   * does not let it, a warning says so, and the threads run where they ran before.
   */
  public static void bindThread(BitSet processors) {
    byte[] mask = processors.toByteArray();
    int words = (mask.length + Long.BYTES - 1) / Long.BYTES; // Linux counts in words.
    byte[] padded = Arrays.copyOf(mask, words * Long.BYTES);
    try {
      Native.load("c", CLibrary.class)
          .sched_setaffinity(CALLING_THREAD, new NativeLong(padded.length), padded);
      LOG.info(
          "Thread {} and those that it starts run on processors {}",
          Thread.currentThread().getName(),
          ProcessorList.format(processors));
    } catch (LastErrorException e) {
      LOG.warn(
          "Threads of an engine cannot be bound to processors {}: {}",
          ProcessorList.format(processors),
          e.getMessage());
    }
  }

  /** The processors that the process was started on: those of its first thread. */
  static BitSet ofProcess() {
    return of(Path.of("/proc/self/status"));
  }

  /** The processors of the calling thread. */
  static BitSet ofThread() {
    return of(Path.of("/proc/thread-self/status"));
  }

  private static BitSet of(Path status) {
    try {
      String name = "Cpus_allowed_list:";
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith(name))
          .map(line -> ProcessorList.parse(line.substring(name.length())))
          .findFirst()
          .orElseThrow(() -> new IOException(status + " has no line " + name));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
