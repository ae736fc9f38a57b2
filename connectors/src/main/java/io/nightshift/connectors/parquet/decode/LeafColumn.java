package io.nightshift.connectors.parquet.decode;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.io.ParquetDecodingException;

/** A column chunk of one row group, positioned at one of its entries: two levels and a value. */
final class LeafColumn {
  private final ColumnReader reader;
  private final ColumnDescriptor descriptor;
  private long remaining;

  LeafColumn(ColumnReader reader, ColumnDescriptor descriptor, long entries) {
    this.reader = reader;
    this.descriptor = descriptor;
    this.remaining = entries;
  }

  int definitionLevel() {
    return reader.getCurrentDefinitionLevel();
  }

  /** Of the current entry; 0 at the start of a row and at the end of the chunk. */
  int repetitionLevel() {
    return reader.getCurrentRepetitionLevel();
  }

  boolean isNull() {
    return definitionLevel() < descriptor.getMaxDefinitionLevel();
  }

  /** Gives the value of the current entry; to be called only if it is not null. */
  ColumnReader value() {
    return reader;
  }

  /** Moves to the next entry after the value of this one has been read. */
  void next() {
    if (remaining == 0) {
      throw new ParquetDecodingException("column " + this + " has fewer values than rows");
    }
    remaining--;
    reader.consume();
  }

  /** Moves to the next entry without reading the value of this one. */
  void skip() {
    if (!isNull()) {
      reader.skip();
    }
    next();
  }

  /** Moves to the first entry of the next row. */
  void skipRow() {
    do {
      skip();
    } while (repetitionLevel() > 0);
  }

  @Override
  public String toString() {
    return String.join(".", descriptor.getPath());
  }
}
