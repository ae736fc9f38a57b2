package io.nightshift.connectors.parquet.sink;

import java.io.IOException;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Collection;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.core.fs.RecoverableWriter.CommitRecoverable;
import org.apache.flink.core.io.SimpleVersionedSerialization;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * A complete file that is not visible yet.
 *
 * @param recoverable the file system's serialized handle for the commit
 */
public record PendingFile(byte[] recoverable) implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * @param recoverable of the closed file
   * @param serializer of the file system's recoverable writer
   */
  public static PendingFile of(
      CommitRecoverable recoverable, SimpleVersionedSerializer<CommitRecoverable> serializer)
      throws IOException {
    return new PendingFile(
        SimpleVersionedSerialization.writeVersionAndSerialize(serializer, recoverable));
  }

  /**
   * Makes the file visible. Has no effect if it is.
   *
   * @param folder on the file system of the file
   */
  public void commit(Path folder) throws IOException {
    commit(folder.getFileSystem().createRecoverableWriter());
  }

  private void commit(RecoverableWriter fileSystem) throws IOException {
    CommitRecoverable committable =
        SimpleVersionedSerialization.readVersionAndDeSerialize(
            fileSystem.getCommitRecoverableSerializer(), recoverable);
    fileSystem.recoverForCommit(committable).commitAfterRecovery();
  }

  /** Makes files visible. Has no effect on those that are. */
  static final class FileCommitter implements Committer<PendingFile> {
    private final RecoverableWriter fileSystem;

    FileCommitter(Path folder) throws IOException {
      this.fileSystem = folder.getFileSystem().createRecoverableWriter();
    }

    @Override
    public void commit(Collection<CommitRequest<PendingFile>> requests) throws IOException {
      for (CommitRequest<PendingFile> request : requests) {
        request.getCommittable().commit(fileSystem);
      }
    }

    @Override
    public void close() {}
  }

  /** Serializes the bytes unchanged. */
  static final class Serializer implements SimpleVersionedSerializer<PendingFile> {
    @Override
    public int getVersion() {
      return 1;
    }

    @Override
    public byte[] serialize(PendingFile file) {
      return file.recoverable();
    }

    @Override
    public PendingFile deserialize(int version, byte[] bytes) {
      return new PendingFile(bytes);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PendingFile file && Arrays.equals(recoverable, file.recoverable);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(recoverable);
  }
}
