package io.nightshift.connectors.jsonl.input;

import io.nightshift.connectors.input.InputFile;
import java.io.Serializable;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A file, with its state when the job was submitted. Rows are known by the numbers of their lines,
 * blank lines counted.
 *
 * @param ranges in the order of the file, without gaps
 */
record JsonLinesFile(
    String path,
    long length,
    long modificationTime,
    Map<String, @Nullable String> folders,
    List<Range> ranges)
    implements InputFile, Serializable {

  JsonLinesFile {
    folders = Collections.unmodifiableMap(new TreeMap<>(folders));
    ranges = List.copyOf(ranges);
  }

  @Override
  public long rows() {
    return ranges.stream().mapToLong(Range::rows).sum();
  }

  @Override
  public long rowNumbers() {
    return ranges.stream().mapToLong(Range::lines).sum();
  }

  /**
   * Lines of the file that follow one another.
   *
   * @param start where its first line begins, in bytes of the decompressed text
   * @param end where its last line ends
   * @param lines how many
   * @param rows those that are not blank
   */
  record Range(long start, long end, long lines, long rows) implements Serializable {}
}
