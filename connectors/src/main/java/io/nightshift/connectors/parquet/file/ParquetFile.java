package io.nightshift.connectors.parquet.file;

import io.nightshift.connectors.files.FileReadException;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.flink.core.fs.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.HadoopReadOptions;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.CodecFactory;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;

/**
 * An open Parquet file whose footer has been read and checked: every column chunk lies inside the
 * file, and has a supported codec and as many values as the row group needs. Pages are checked
 * against their CRC if they have one.
 *
 * <p>Every problem with a file is thrown as a {@link FileReadException}, including runtime
 * exceptions of parquet-java and an {@link OutOfMemoryError} because of a false size.
 */
public final class ParquetFile implements AutoCloseable {
  /** An empty Hadoop configuration is sufficient, and cheap to create without the defaults. */
  private static final Configuration HADOOP = new Configuration(false);

  private static final int UNUSED_PAGE_SIZE = 0;

  private final String name;
  private final ParquetFileReader reader;

  private ParquetFile(String name, ParquetFileReader reader) {
    this.name = name;
    this.reader = reader;
  }

  /**
   * Opens a file and checks its footer.
   *
   * @param length of the file in bytes, as the file system lists it
   * @throws FileReadException if it is not a readable Parquet file
   */
  public static ParquetFile open(Path path, long length) throws FileReadException {
    String name = path.toString();
    return guarded(
        name,
        "cannot be opened as a Parquet file",
        () -> {
          FlinkInputFile file = new FlinkInputFile(path, length);
          ParquetFileReader reader;
          try {
            reader = ParquetFileReader.open(file, options());
          } catch (IndexOutOfBoundsException e) { // Row groups have no columns.
            FooterCheck.requireColumns(name, file);
            throw e;
          } catch (IOException | RuntimeException e) {
            FooterCheck.requireParquet(name, file);
            throw e;
          }
          try {
            new FooterCheck(name, length).check(reader.getFooter());
            return new ParquetFile(name, reader);
          } catch (IOException | RuntimeException | Error failure) {
            reader.close();
            throw failure;
          }
        });
  }

  private static ParquetReadOptions options() {
    return HadoopReadOptions.builder(HADOOP)
        .withCodecFactory(new BoundedCodecs(new CodecFactory(HADOOP, UNUSED_PAGE_SIZE)))
        .usePageChecksumVerification(true)
        .withUseHadoopVectoredIo(false)
        .build();
  }

  public String name() {
    return name;
  }

  public MessageType schema() {
    return reader.getFileMetaData().getSchema();
  }

  /** The program that wrote the file, which parquet-java needs to work around old bugs. */
  public String createdBy() {
    String createdBy = reader.getFileMetaData().getCreatedBy();
    return createdBy == null ? "" : createdBy;
  }

  /** Key-value metadata of the footer. */
  public Map<String, String> keyValueMetadata() {
    return reader.getFileMetaData().getKeyValueMetaData();
  }

  public List<BlockMetaData> rowGroups() {
    return reader.getRowGroups();
  }

  /**
   * Reads the bytes of a row group; its pages are decompressed as they are consumed.
   *
   * @param columns the part of {@link #schema()} to read, at least one column
   */
  public PageReadStore readRowGroup(int rowGroup, MessageType columns) throws FileReadException {
    return guarded(
        name,
        "row group " + rowGroup + " cannot be read",
        () -> {
          reader.setRequestedSchema(columns);
          requireRoom(rowGroups().get(rowGroup), columns);
          return reader.readRowGroup(rowGroup);
        });
  }

  /** parquet-java holds all compressed bytes of a row group's columns at once. */
  private static void requireRoom(BlockMetaData rowGroup, MessageType columns)
      throws HeapTooSmallException {
    List<ColumnChunkMetaData> chunks =
        rowGroup.getColumns().stream()
            .filter(chunk -> columns.containsPath(chunk.getPath().toArray()))
            .sorted(Comparator.comparing(ColumnChunkMetaData::getTotalSize).reversed())
            .toList();
    long bytes = chunks.stream().mapToLong(ColumnChunkMetaData::getTotalSize).sum();
    long heap = Runtime.getRuntime().maxMemory();
    if (bytes > heap / 4 * 3) {
      throw new HeapTooSmallException(
          String.format(
              Locale.ROOT,
              "it has %,d bytes, %,d of them in column %s, and must fit three quarters of the heap of %,d bytes. %s",
              bytes,
              chunks.get(0).getTotalSize(),
              chunks.get(0).getPath().toDotString(),
              heap,
              ReadFailure.moreHeap(2 * bytes)));
    }
  }

  @Override
  public void close() throws IOException {
    reader.close();
  }

  /** Runs {@code read} and converts all exceptions that a broken file causes into one kind. */
  public static <T> T guarded(String file, String problem, Read<T> read) throws FileReadException {
    try {
      return read.run();
    } catch (FileReadException named) {
      throw named;
    } catch (IOException | RuntimeException | StackOverflowError | OutOfMemoryError failure) {
      throw new FileReadException(file, problem + ": " + ReadFailure.explain(failure), failure);
    }
  }

  /** A read that may encounter a broken file. */
  @FunctionalInterface
  public interface Read<T> {
    T run() throws IOException;
  }
}
