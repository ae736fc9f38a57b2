package io.nightshift.connectors.parquet.sink;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.files.FullDiskException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.IntFunction;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.core.fs.Path;
import org.apache.flink.core.fs.RecoverableFsDataOutputStream;
import org.apache.flink.core.fs.RecoverableWriter;
import org.apache.flink.util.IOUtils;
import org.jspecify.annotations.Nullable;

/** Writes the batches of one task to a sequence of files. */
final class OrderedFilesWriter implements CommittingSinkWriter<ArrowBatch, PendingFile> {
  private final Path folder;
  private final IntFunction<String> names;
  private final ParquetFileWriter.Factory format;
  private final long fileBytes;
  private final RecoverableWriter fileSystem;
  private final List<PendingFile> pending = new ArrayList<>();
  private @Nullable RecoverableFsDataOutputStream out;
  private @Nullable ParquetFileWriter file;
  private int filesBegun;

  /**
   * @param names the name of each file, by its number
   * @param fileBytes a file ends with the batch that brings it to this many bytes
   */
  OrderedFilesWriter(
      Path folder, IntFunction<String> names, ParquetFileWriter.Factory format, long fileBytes)
      throws IOException {
    this.folder = folder;
    this.names = names;
    this.format = format;
    this.fileBytes = fileBytes;
    this.fileSystem = folder.getFileSystem().createRecoverableWriter();
  }

  @Override
  public void write(ArrowBatch batch, Context context) throws IOException {
    try (batch) {
      if (out == null || file == null) {
        out = fileSystem.open(new Path(folder, names.apply(filesBegun++)));
        file = format.create(out);
      }
      file.addElement(batch);
      if (out.getPos() >= fileBytes) {
        endFile();
      }
    } catch (IOException e) {
      throw FullDiskException.explain(folder, e);
    }
  }

  private void endFile() throws IOException {
    if (out != null && file != null) {
      file.finish();
      pending.add(
          PendingFile.of(
              out.closeForCommit().getRecoverable(), fileSystem.getCommitRecoverableSerializer()));
    }
    out = null;
    file = null;
  }

  @Override
  public void flush(boolean endOfInput) throws IOException {
    if (endOfInput) {
      try {
        endFile();
      } catch (IOException e) {
        throw FullDiskException.explain(folder, e);
      }
    }
  }

  @Override
  public Collection<PendingFile> prepareCommit() {
    List<PendingFile> files = List.copyOf(pending);
    pending.clear();
    return files;
  }

  /** An incomplete file remains with a hidden name, or as an incomplete upload. */
  @Override
  public void close() {
    IOUtils.closeQuietly(out);
  }
}
