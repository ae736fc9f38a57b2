package io.nightshift.connectors.source;

import java.io.Serializable;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.api.connector.source.SourceSplit;
import org.jspecify.annotations.Nullable;

/**
 * A range of a file, and how far it has been read. {@link SplitPosition#offset} says in which unit
 * the range is.
 *
 * @param path of the file
 * @param length of the file in bytes when the job was submitted
 * @param modificationTime of the file when the job was submitted, in milliseconds since the epoch
 * @param folders the {@code key=value} folders above the file; null for Hive's null
 * @param start of the range
 * @param end of the range, exclusive
 * @param position the next row to be read
 */
public record FileSplit(
    String path,
    long length,
    long modificationTime,
    Map<String, @Nullable String> folders,
    long start,
    long end,
    SplitPosition position)
    implements SourceSplit, Serializable {

  public FileSplit {
    folders = Collections.unmodifiableMap(new TreeMap<>(folders));
  }

  /** The same range, to be read from this position. */
  public FileSplit at(SplitPosition next) {
    return new FileSplit(path, length, modificationTime, folders, start, end, next);
  }

  @Override
  public String splitId() {
    return path + "#" + start + "-" + end;
  }
}
