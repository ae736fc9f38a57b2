package io.nightshift.connectors.parquet.file;

import io.nightshift.connectors.files.FileReadException;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.Util;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.ColumnPath;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.SeekableInputStream;

/** Checks of a file's footer before its pages are read. */
final class FooterCheck {
  private static final int MAGIC_BYTES = 4;

  /** The second one begins files with encrypted footers. */
  private static final Set<String> MAGIC = Set.of("PAR1", "PARE");

  private final String file;
  private final long length;

  FooterCheck(String file, long length) {
    this.file = file;
    this.length = length;
  }

  void check(ParquetMetadata footer) throws FileReadException {
    List<ColumnDescriptor> columns = footer.getFileMetaData().getSchema().getColumns();
    if (columns.isEmpty()) {
      throw noColumns(file);
    }
    for (BlockMetaData rowGroup : footer.getBlocks()) {
      if (rowGroup.getRowCount() < 0) {
        throw new FileReadException(file, "a row group claims " + rowGroup.getRowCount() + " rows");
      }
      Map<ColumnPath, ColumnChunkMetaData> chunks = new HashMap<>();
      rowGroup.getColumns().forEach(chunk -> chunks.put(chunk.getPath(), chunk));
      for (ColumnDescriptor column : columns) {
        ColumnChunkMetaData chunk = chunks.get(ColumnPath.get(column.getPath()));
        if (chunk == null) {
          throw problem(column, "is missing in a row group");
        }
        check(column, chunk, rowGroup.getRowCount());
      }
    }
  }

  /**
   * Checks that a file that cannot be opened is of this format.
   *
   * @throws FileReadException if it is of another one
   */
  static void requireParquet(String name, FlinkInputFile file) throws IOException {
    if (file.getLength() < MAGIC_BYTES) {
      return;
    }
    byte[] begin = new byte[MAGIC_BYTES];
    try (SeekableInputStream in = file.newStream()) {
      in.readFully(begin);
    }
    if (!MAGIC.contains(new String(begin, StandardCharsets.ISO_8859_1))) {
      throw new FileReadException(
          name,
          "cannot be opened as a Parquet file, because it is of another format. Only Parquet and"
              + " JSON Lines (input.format: jsonl) are read: convert it, or take it out of the"
              + " input");
    }
  }

  /**
   * Checks that a file has columns. parquet-java cannot read the footer of a file whose row groups
   * have none.
   *
   * @throws FileReadException if it has none
   */
  static void requireColumns(String name, FlinkInputFile file) throws IOException {
    try (SeekableInputStream in = file.newStream()) {
      in.seek(file.getLength() - MAGIC_BYTES - Integer.BYTES);
      long footerBytes =
          Integer.toUnsignedLong(Integer.reverseBytes(new DataInputStream(in).readInt()));
      in.seek(file.getLength() - MAGIC_BYTES - Integer.BYTES - footerBytes);
      // The first element is the root.
      if (Util.readFileMetaData(in).getSchemaSize() <= 1) {
        throw noColumns(name);
      }
    }
  }

  private static FileReadException noColumns(String file) {
    return new FileReadException(
        file, "has no columns: write the file with at least one, or leave it out");
  }

  private void check(ColumnDescriptor column, ColumnChunkMetaData chunk, long rows)
      throws FileReadException {
    if (chunk.isEncrypted()) {
      throw problem(column, "is encrypted, which is not supported");
    }
    if (!BoundedCodecs.SUPPORTED.contains(chunk.getCodec())) {
      throw problem(
          column,
          "is compressed with "
              + chunk.getCodec()
              + ", which is not supported; write it with one of "
              + BoundedCodecs.SUPPORTED);
    }
    if (!chunk.getPrimitiveType().equals(column.getPrimitiveType())) {
      throw problem(
          column,
          "is "
              + column.getPrimitiveType()
              + " in the schema but "
              + chunk.getPrimitiveType()
              + " in a row group");
    }
    long start = chunk.getStartingPos();
    long size = chunk.getTotalSize();
    if (start < (rows == 0 ? 0 : MAGIC_BYTES) || size < 0 || start > length - size) {
      throw problem(
          column,
          String.format(
              Locale.ROOT,
              "claims %,d bytes at %,d of a file of %,d bytes: the file is truncated or damaged",
              size,
              start,
              length));
    }
    long values = chunk.getValueCount();
    boolean repeated = column.getMaxRepetitionLevel() > 0;
    if (repeated ? values < rows : values != rows) {
      throw problem(column, "has " + values + " values for " + rows + " rows");
    }
  }

  private FileReadException problem(ColumnDescriptor column, String problem) {
    return FileReadException.ofColumn(file, String.join(".", column.getPath()), problem);
  }
}
