package io.nightshift.connectors.parquet.sink;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.files.LocalFileNames;
import io.nightshift.connectors.files.OwnFiles;
import io.nightshift.connectors.lease.Ownership;
import java.io.IOException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Writes Arrow batches as Parquet files whose names sort in the order of the batches, for batch
 * jobs: task 0 has the first rows, task 1 those that follow, and so on.
 *
 * <p>The files of a task appear as {@code PREFIX-TASK-NUMBER-RUN.parquet} when its input has ended.
 * The tasks themselves delete such files of failed attempts of the same run, because the job may
 * already run again, after a recovery, when its client connects. Batches are closed once their rows
 * are written, even if writing fails.
 */
public final class OrderedParquetSink implements Sink<ArrowBatch>, SupportsCommitter<PendingFile> {
  private static final long serialVersionUID = 1;

  private final Path folder;
  private final String prefix;
  private final ParquetFileWriter.Factory format;
  private final long fileBytes;
  private final Ownership ownership;

  /**
   * @param folder that files appear in, on any of Flink's file systems
   * @param prefix of their names
   * @param schema of all batches
   * @param fileBytes a file ends with the row group that brings it to this many bytes
   * @param ownership of the folder
   * @throws IllegalArgumentException naming a column that cannot be written as Parquet
   */
  public OrderedParquetSink(
      Path folder,
      String prefix,
      Schema schema,
      FileLayout layout,
      long fileBytes,
      Ownership ownership) {
    ParquetTypes.of(schema); // Fails on the client if a column cannot be written.
    this.folder = folder;
    this.prefix = prefix;
    this.format = new ParquetFileWriter.Factory(schema.toJson(), layout, null);
    this.fileBytes = fileBytes;
    this.ownership = ownership;
  }

  @Override
  public CommittingSinkWriter<ArrowBatch, PendingFile> createWriter(WriterInitContext context)
      throws IOException {
    LocalFileNames.requireKnown(folder);
    ownership.requireHeld();
    int task = context.getTaskInfo().getIndexOfThisSubtask();
    deleteEarlier(task, context.getTaskInfo().getNumberOfParallelSubtasks());
    return new OrderedFilesWriter(
        folder,
        number -> OutputNames.ordered(prefix, task, number, ownership.runId()),
        format,
        fileBytes);
  }

  /**
   * Deletes this run's files of a task; the first task deletes those of tasks that do not exist
   * too.
   */
  private void deleteEarlier(int task, int tasks) throws IOException {
    Pattern names = Pattern.compile(OutputNames.orderedPattern(prefix, ownership.runId()));
    OwnFiles.deleteFiles(
        folder,
        name -> {
          Matcher matcher = names.matcher(name);
          int owner = matcher.matches() ? Integer.parseInt(matcher.group(1)) : -1;
          return owner == task || (task == 0 && owner >= tasks);
        });
  }

  @Override
  public Committer<PendingFile> createCommitter(CommitterInitContext context) throws IOException {
    LocalFileNames.requireKnown(folder);
    return new OwnersCommitter<>(new PendingFile.FileCommitter(folder), ownership);
  }

  @Override
  public SimpleVersionedSerializer<PendingFile> getCommittableSerializer() {
    return new PendingFile.Serializer();
  }
}
