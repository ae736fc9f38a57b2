package io.nightshift.connectors.parquet.decode;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.parquet.file.ParquetFile;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.MessageType;

/** The column chunks of a row group that has rows, all positioned at the same row. */
final class RowGroupColumns implements AutoCloseable {
  private final PageReadStore pages;
  private final Map<List<String>, LeafColumn> leaves;

  private RowGroupColumns(PageReadStore pages, Map<List<String>, LeafColumn> leaves) {
    this.pages = pages;
    this.leaves = leaves;
  }

  /** Reads the bytes of a row group and moves to its first row. */
  static RowGroupColumns read(ParquetFile file, int rowGroup, MessageType columns)
      throws FileReadException {
    PageReadStore pages = file.readRowGroup(rowGroup, columns);
    try {
      return new RowGroupColumns(pages, leaves(file, rowGroup, pages, columns));
    } catch (FileReadException failure) {
      pages.close();
      throw failure;
    }
  }

  private static Map<List<String>, LeafColumn> leaves(
      ParquetFile file, int rowGroup, PageReadStore pages, MessageType columns)
      throws FileReadException {
    ColumnReadStoreImpl store =
        new ColumnReadStoreImpl(pages, new NoConverter(), columns, file.createdBy());
    Map<List<String>, LeafColumn> leaves = new LinkedHashMap<>();
    for (ColumnDescriptor column : columns.getColumns()) {
      leaves.put(List.of(column.getPath()), leaf(file, rowGroup, pages, store, column));
    }
    return leaves;
  }

  /** Creating the reader of a column reads its first page. */
  private static LeafColumn leaf(
      ParquetFile file,
      int rowGroup,
      PageReadStore pages,
      ColumnReadStoreImpl store,
      ColumnDescriptor column)
      throws FileReadException {
    return ParquetFile.guarded(
        file.name(),
        "column %s cannot be read at the beginning of row group %s"
            .formatted(String.join(".", column.getPath()), rowGroup),
        () -> {
          long entries = pages.getPageReader(column).getTotalValueCount();
          ColumnReader reader = store.getColumnReader(column);
          return new LeafColumn(reader, column, entries);
        });
  }

  LeafColumn leaf(List<String> path) {
    LeafColumn leaf = leaves.get(path);
    if (leaf == null) {
      throw new IllegalArgumentException("column " + path + " was not read");
    }
    return leaf;
  }

  Collection<LeafColumn> leaves() {
    return leaves.values();
  }

  @Override
  public void close() {
    pages.close();
  }

  /** Column readers require a converter, but use it only if they are asked to convert. */
  private static final class NoConverter extends GroupConverter {
    @Override
    public Converter getConverter(int field) {
      return this;
    }

    @Override
    public PrimitiveConverter asPrimitiveConverter() {
      return new PrimitiveConverter() {};
    }

    @Override
    public void start() {}

    @Override
    public void end() {}
  }
}
