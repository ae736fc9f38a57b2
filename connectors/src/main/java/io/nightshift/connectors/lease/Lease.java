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
 * The right to write to an output (a lease as of Gray and Cheriton, 1989). It lies in a folder of
 * its own, in which one file names the holder, and another one changes for as long as the holder
 * lives.
 *
 * <p>Object storage has no locks, and clocks of machines differ. So whoever finds that another run
 * has the lease {@linkplain #awaitEnd watches} for a while whether that one shows life, and
 * {@linkplain #take takes} the lease if it does not. A holder that was only slow finds out before
 * it makes anything visible ({@link #requireHeld}), and ends. Where two take it at once, the one
 * whose name stays has it.
 *
 * @param folder of the lease's files, and of nothing else
 * @param holderId of the run that has taken it
 */
public record Lease(Path folder, String holderId) implements Ownership {
  private static final long serialVersionUID = 1L;

  /** How often a holder shows that it lives. */
  public static final Duration RENEWAL = Duration.ofSeconds(5);

  /** A holder is dead that has not shown life for so many looks. */
  private static final int LOOKS = 15;

  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);

  /** Longer than the first group of a UUID, by which other programs name files. */
  private static final int RUN_ID_LENGTH = 12;

  /** The run that has the lease in a folder, if one has. */
  public static Optional<LeaseHolder> holder(Path folder) throws IOException {
    return LeaseHolder.read(folder);
  }

  /**
   * Waits until a holder is known to be dead, or has given the lease back.
   *
   * @return whether it is; false as soon as it shows life
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
   * Takes the lease in a folder. A run that has it already has it again.
   *
   * @param last the holder that has ended; empty if there was none
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
      // Others may have found the same, and take the lease in the same moment: the last one has it.
      Thread.sleep(BETWEEN_LOOKS.toMillis());
    }
    lease.requireHeld();
    if (now.isPresent()) {
      folder.getFileSystem().delete(sign(folder, now.get().id()), false);
    }
    return lease;
  }

  /**
   * Takes a lease that nobody has, where the file system can do it in one step.
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
          "%s is gone: another run has written to this output meanwhile, or somebody has deleted it; run the job again"
              .formatted(folder));
    }
    if (!holder.get().id().equals(holderId)) {
      throw new LeaseLostException(
          "another run has taken over (%s): it goes on with what is missing"
              .formatted(holder.get().description()));
    }
  }

  @Override
  public void renew() throws IOException {
    requireHeld();
    showLife();
  }

  /** Gives the lease back. The folder stays, since another run may be taking the lease there. */
  public void release() throws IOException {
    if (isHeld()) {
      LeaseHolder.delete(folder);
      folder.getFileSystem().delete(sign(folder, holderId), false);
    }
  }

  /** The beginning of the holder's id, which is a random one. */
  @Override
  public String runId() {
    String id = holderId.replace("-", "");
    return id.substring(0, Math.min(RUN_ID_LENGTH, id.length()));
  }

  private boolean isHeld() throws IOException {
    return holder(folder).filter(holder -> holder.id().equals(holderId)).isPresent();
  }

  /**
   * Each holder has a file of its own, so that one that is late overwrites nothing of another's.
   */
  private static Path sign(Path folder, String holderId) {
    return new Path(folder, "alive-" + holderId);
  }

  private void showLife() throws IOException {
    try (FSDataOutputStream out =
        folder.getFileSystem().create(sign(folder, holderId), WriteMode.OVERWRITE)) {
      out.write(UUID.randomUUID().toString().getBytes(UTF_8));
    }
  }

  /** Another one each time that life was shown; empty before, and while it is being written. */
  private String signOfLife() throws IOException {
    return AtomicFile.read(sign(folder, holderId))
        .map(content -> new String(content, UTF_8))
        .orElse("");
  }
}
