package io.nightshift.connectors.parquet.output;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.files.ParallelReads;
import io.nightshift.connectors.parquet.file.ParquetFile;
import java.io.IOException;
import java.util.Base64;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/**
 * The rows, by group, that Parquet files have according to their footers. The record is part of the
 * file with the rows, so that both appear and disappear together.
 */
public final class WrittenRows {
  /** Key of the record among a footer's key-value metadata. */
  public static final String FOOTER_KEY = "nightshift.written-rows";

  private final Map<String, BitSet> groups = new TreeMap<>();

  /** Adds a row. */
  public void add(String group, int row) {
    groups.computeIfAbsent(group, name -> new BitSet()).set(row);
  }

  /** The names of the groups that have rows. */
  public Set<String> groups() {
    return groups.keySet();
  }

  /** The rows of one group; not a copy. */
  public BitSet of(String group) {
    return groups.getOrDefault(group, new BitSet());
  }

  /** The rows of all groups; not a copy. */
  public Map<String, BitSet> byGroup() {
    return groups;
  }

  /** The number of rows of all groups. */
  public long count() {
    return groups.values().stream().mapToLong(BitSet::cardinality).sum();
  }

  /** The record as text: a line for each group, its name and its rows as bits in Base64. */
  public String toFooter() {
    StringBuilder text = new StringBuilder();
    groups.forEach(
        (group, rows) ->
            text.append(group)
                .append(' ')
                .append(Base64.getEncoder().encodeToString(rows.toByteArray()))
                .append('\n'));
    return text.toString();
  }

  /**
   * Reads the footers of all Parquet files of some folders, without hidden files.
   *
   * @throws FileReadException naming a file that is not Parquet, has no record, or has a row that
   *     another file has, too
   */
  public static WrittenRows read(List<Path> folders) throws IOException {
    return ofFiles(OutputFiles.list(folders));
  }

  /** As {@link #read}, of some files. */
  public static WrittenRows ofFiles(List<FileStatus> files) throws IOException {
    WrittenRows all = new WrittenRows();
    List<WrittenRows> records =
        ParallelReads.map(files, file -> ofFile(file.getPath(), file.getLen()));
    for (int i = 0; i < files.size(); i++) {
      all.addAll(records.get(i), files.get(i).getPath());
    }
    return all;
  }

  private static WrittenRows ofFile(Path path, long length) throws IOException {
    try (ParquetFile file = ParquetFile.open(path, length)) {
      String record = file.keyValueMetadata().get(FOOTER_KEY);
      if (record == null) {
        throw new FileReadException(file.name(), "was not written by a run of this program");
      }
      return fromFooter(file.name(), record);
    }
  }

  private static WrittenRows fromFooter(String file, String record) throws FileReadException {
    WrittenRows rows = new WrittenRows();
    for (String line : record.lines().toList()) {
      int space = line.indexOf(' ');
      if (space < 0) {
        throw new FileReadException(file, "has a damaged record of its rows");
      }
      byte[] bits;
      try {
        bits = Base64.getDecoder().decode(line.substring(space + 1).getBytes(US_ASCII));
      } catch (IllegalArgumentException e) {
        throw new FileReadException(file, "has a damaged record of its rows");
      }
      rows.groups.put(line.substring(0, space), BitSet.valueOf(bits));
    }
    return rows;
  }

  private void addAll(WrittenRows others, Path file) throws FileReadException {
    for (Map.Entry<String, BitSet> other : others.groups.entrySet()) {
      BitSet rows = groups.computeIfAbsent(other.getKey(), name -> new BitSet());
      if (rows.intersects(other.getValue())) {
        throw new FileReadException(
            file.toString(), "has rows that another file has, too; was it copied? Delete one");
      }
      rows.or(other.getValue());
    }
  }
}
