package io.nightshift.connectors.parquet.sink;

import java.io.Serializable;
import java.util.Map;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * How rows are laid out in a Parquet file.
 *
 * @param compression of the pages
 * @param rowGroupBytes approximate size of a row group before compression, in bytes
 * @param listSizes number of elements of columns whose lists all have the same, by name. Only
 *     needed for those whose Arrow type does not say so, because they were read from Parquet, which
 *     has no such type
 */
public record FileLayout(
    CompressionCodecName compression, long rowGroupBytes, Map<String, Integer> listSizes)
    implements Serializable {

  public FileLayout {
    listSizes = Map.copyOf(listSizes);
  }

  /** The layout of files whose lists have any size, unless their Arrow type says otherwise. */
  public FileLayout(CompressionCodecName compression, long rowGroupBytes) {
    this(compression, rowGroupBytes, Map.of());
  }
}
