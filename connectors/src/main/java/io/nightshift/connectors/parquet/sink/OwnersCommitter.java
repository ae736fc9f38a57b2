package io.nightshift.connectors.parquet.sink;

import io.nightshift.connectors.lease.LeaseLostException;
import io.nightshift.connectors.lease.Ownership;
import java.io.IOException;
import java.util.Collection;
import org.apache.flink.api.connector.sink2.Committer;

/**
 * Makes files appear as long as the folder is still the job's own: a task that was cut off, or
 * stood still, may be told to commit what another run has answered since.
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
