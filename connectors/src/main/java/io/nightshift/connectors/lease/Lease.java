package io.nightshift.connectors.lease;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.files.AtomicFile;
import io.nightshift.connectors.files.Location;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.apache.flink.core.fs.FSDataOutputStream;
import org.apache.flink.core.fs.FileSystem.WriteMode;
import org.apache.flink.core.fs.Path;

/**
 * The right to write to an output (a lease as of Gray and Cheriton, 1989). It consists of a folder
 * in which one file names the holder, and another one changes as long as the holder lives.
 *
 * <p>Object storage has no locks, and clocks of machines differ. A run that finds the lease held
 * {@linkplain #awaitEnd watches} for a while whether the holder shows signs of life, and
 * {@linkplain #take takes} the lease if it does not. A holder that was only slow finds out before
 * it makes anything visible ({@link #requireHeld}), and ends. If two runs take the lease at once,
 * the one whose name remains has it.
 *
 * @param folder that contains only the files of the lease
 * @param holderId of the run that has taken it
 */
public record Lease(Path folder, String holderId) implements Ownership {
  private static final long serialVersionUID = 1L;

  /** The interval at which a holder renews the lease. */
  public static final Duration RENEWAL = Duration.ofSeconds(5);

  /** Number of checks without a sign of life after which a holder is considered dead. */
  private static final int LOOKS = 15;

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  /** Longer than the first group of a UUID, which other programs use in file names. */
  private static final int RUN_ID_LENGTH = 12;

  /** The run that holds the lease in a folder, if there is one. */
  public static Optional<LeaseHolder> holder(Path folder) throws IOException {
    return LeaseHolder.read(folder);
  }

  /**
   * Waits until a holder is considered dead or has released the lease.
   *
   * @return whether it is; false as soon as it shows a sign of life
   */
  public static boolean awaitEnd(Path folder, LeaseHolder holder)
      throws IOException, InterruptedException {
    Lease watched = new Lease(folder, holder.id());
    String sign = watched.signOfLife();
    for (int look = 0; look < LOOKS; look++) {
      Thread.sleep(BETWEEN_LOOKS.toMillis());
      if (!watched.isHeld()) {
        return holder(folder).isEmpty();
      }
      if (!watched.signOfLife().equals(sign)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Takes the lease in a folder. Has no effect if the run holds it already.
   *
   * @param last the previous holder, which has ended; empty if there was none
   * @throws LeaseLostException if another run has been faster
   */
  public static Lease take(Path folder, LeaseHolder holder, Optional<LeaseHolder> last)
      throws IOException, InterruptedException {
    Lease lease = new Lease(folder, holder.id());
    if (lease.isHeld()) {
      lease.showLife();
      return lease;
    }
    Optional<LeaseHolder> now = holder(folder);
    if (now.isPresent() && !now.equals(last)) {
      lease.requireHeld();
    }
    boolean alone = now.isEmpty() && lease.takeFirst(holder);
    if (!alone) {
      holder.write(folder);
    }
    lease.showLife();
    if (!alone) {
      // Others may take the lease at the same moment: the last one has it.
      Thread.sleep(BETWEEN_LOOKS.toMillis());
    }
    lease.requireHeld();
    if (now.isPresent()) {
      folder.getFileSystem().delete(sign(folder, now.get().id()), false);
    }
    return lease;
  }

  /**
   * Takes a lease that nobody holds, if the file system can do so atomically.
   *
   * @return false if it cannot
   * @throws LeaseLostException if another run has been faster
   */
  private boolean takeFirst(LeaseHolder holder) throws IOException {
    Optional<Boolean> first =
        Location.isLocal(folder) ? holder.writeFirst(folder) : Optional.empty();
    if (first.isPresent() && !first.get()) {
      requireHeld();
    }
    return first.isPresent();
  }

  @Override
  public void requireHeld() throws IOException {
    Optional<LeaseHolder> holder = holder(folder);
    if (holder.isEmpty()) {
      throw new LeaseLostException(
          "%s is missing: another run has written to this output in the meantime, or somebody has deleted it; run the job again"
              .formatted(folder));
    }
    if (!holder.get().id().equals(holderId)) {
      throw new LeaseLostException(
          "another run has taken over (%s) and completes the missing rows"
              .formatted(holder.get().description()));
    }
  }

  @Override
  public void renew() throws IOException {
    requireHeld();
    showLife();
  }

  /** Releases the lease. The folder is kept, because another run may be taking the lease. */
  public void release() throws IOException {
    if (isHeld()) {
      LeaseHolder.delete(folder);
      folder.getFileSystem().delete(sign(folder, holderId), false);
    }
  }

  /** A prefix of the holder's id, which is random. */
  @Override
  public String runId() {
    String id = holderId.replace("-", "");
    return id.substring(0, Math.min(RUN_ID_LENGTH, id.length()));
  }

  private boolean isHeld() throws IOException {
    return holder(folder).filter(holder -> holder.id().equals(holderId)).isPresent();
  }

  /** Each holder has a file of its own, so that a late holder overwrites nothing of another one. */
  private static Path sign(Path folder, String holderId) {
    return new Path(folder, "alive-" + holderId);
  }

  private void showLife() throws IOException {
    try (FSDataOutputStream out =
        folder.getFileSystem().create(sign(folder, holderId), WriteMode.OVERWRITE)) {
      out.write(UUID.randomUUID().toString().getBytes(UTF_8));
    }
  }

  /** Changes with every sign of life; empty before the first one and while it is being written. */
  private String signOfLife() throws IOException {
    return AtomicFile.read(sign(folder, holderId))
        .map(content -> new String(content, UTF_8))
        .orElse("");
  }
}
