package io.nightshift.connectors.parquet.sink;

import java.io.Serializable;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;

/**
 * How rows are laid out in a Parquet file.
 *
 * @param compression of the pages
 * @param rowGroupBytes approximate size of a row group before compression, in bytes
 */
public record FileLayout(CompressionCodecName compression, long rowGroupBytes)
    implements Serializable {}
