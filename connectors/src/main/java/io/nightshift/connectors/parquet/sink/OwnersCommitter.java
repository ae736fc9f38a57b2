package io.nightshift.connectors.parquet.sink;

import io.nightshift.connectors.lease.LeaseLostException;
import io.nightshift.connectors.lease.Ownership;
import java.io.IOException;
import java.util.Collection;
import org.apache.flink.api.connector.sink2.Committer;

/**
 * Commits files only if the job still owns the folder: a task that was disconnected or suspended
 * may be told to commit rows that another run has written since.
 */
final class OwnersCommitter<T> implements Committer<T> {
  private final Committer<T> files;
  private final Ownership ownership;

  OwnersCommitter(Committer<T> files, Ownership ownership) {
    this.files = files;
    this.ownership = ownership;
  }

  /**
   * @throws LeaseLostException if another run writes to the folder now
   */
  @Override
  public void commit(Collection<CommitRequest<T>> requests)
      throws IOException, InterruptedException {
    if (!requests.isEmpty()) {
      ownership.requireHeld();
    }
    files.commit(requests);
  }

  @Override
  public void close() throws Exception {
    files.close();
  }
}
