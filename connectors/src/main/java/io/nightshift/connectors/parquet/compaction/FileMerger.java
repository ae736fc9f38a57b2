package io.nightshift.connectors.parquet.compaction;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.files.FullDiskException;
import io.nightshift.connectors.input.InputColumns;
import io.nightshift.connectors.parquet.decode.BatchReader;
import io.nightshift.connectors.parquet.file.ParquetFile;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.connectors.parquet.output.WrittenRows;
import io.nightshift.connectors.parquet.sink.FileLayout;
import io.nightshift.connectors.parquet.sink.OutputNames;
import io.nightshift.connectors.parquet.sink.ParquetFileWriter;
import io.nightshift.connectors.parquet.sink.PendingFile;
import io.nightshift.connectors.source.BatchLayout;
import io.nightshift.connectors.source.SplitPosition;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.util.IOUtils;

/**
 * Merges the files of a group: writes their rows one file after the other in row groups of full
 * size, and the {@link WrittenRows} of all of them to the footer.
 *
 * @param layout of merged files
 * @param runId of the run that writes them
 */
public record FileMerger(FileLayout layout, String runId) implements Serializable {
  private static final long serialVersionUID = 1L;

  private static final int BATCH_ROWS = 1024;
  private static final long BATCH_BYTES = 2L << 20;

  /**
   * Writes the merged file without making it visible. The group's files are kept.
   *
   * @throws FileReadException naming a file that cannot be read
   */
  public Replacement merge(FileGroup group, BufferAllocator allocator) throws IOException {
    Path folder = new Path(group.folder());
    List<FileStatus> files = new ArrayList<>();
    ArrayList<String> names = new ArrayList<>();
    for (FileGroup.Member member : group.files()) {
      Path path = new Path(folder, member.name());
      files.add(path.getFileSystem().getFileStatus(path));
      names.add(member.name());
    }
    WrittenRows written = WrittenRows.ofFiles(files);
    String name = OutputNames.compacted(runId);
    try {
      PendingFile merged = write(new Path(folder, name), files, written, allocator);
      return new Replacement(group.folder(), names, name, merged, written.count());
    } catch (IOException e) {
      throw FullDiskException.explain(folder, e);
    }
  }

  private PendingFile write(
      Path path, List<FileStatus> files, WrittenRows written, BufferAllocator allocator)
      throws IOException {
    RecoverableWriter fileSystem = path.getFileSystem().createRecoverableWriter();
    RecoverableFsDataOutputStream out = fileSystem.open(path);
    try {
      InputColumns columns = ParquetInputs.ofFiles(files).select();
      ParquetFileWriter writer = ParquetFileWriter.create(out, columns.schema(), layout, written);
      long rows = 0;
      for (FileStatus file : files) {
        rows += copy(file, columns, writer, allocator);
      }
      if (rows != written.count()) {
        throw new IOException(
            "The files merged into %s have %s rows, but their footers record %s"
                .formatted(path, rows, written.count()));
      }
      writer.finish();
      return PendingFile.of(
          out.closeForCommit().getRecoverable(), fileSystem.getCommitRecoverableSerializer());
    } catch (IOException | RuntimeException e) {
      // Not after closeForCommit: the streams of Flink's S3 file systems cannot be closed twice.
      IOUtils.closeQuietly(out);
      throw e;
    }
  }

  /** Returns the number of rows copied. */
  private static long copy(
      FileStatus status, InputColumns columns, ParquetFileWriter writer, BufferAllocator allocator)
      throws IOException {
    BatchLayout layout =
        new BatchLayout(columns.columns(), columns.schema(), BATCH_ROWS, BATCH_BYTES);
    ParquetFile file = ParquetFile.open(status.getPath(), status.getLen());
    int rowGroups = file.rowGroups().size();
    long rows = 0;
    try (BatchReader reader =
        new BatchReader(file, layout, Map.of(), new SplitPosition(0, 0), rowGroups, allocator)) {
      for (ArrowBatch next = reader.next(); next != null; next = reader.next()) {
        try (ArrowBatch batch = next) {
          writer.addElement(batch);
          rows += batch.rows();
        }
      }
    }
    return rows;
  }
}
