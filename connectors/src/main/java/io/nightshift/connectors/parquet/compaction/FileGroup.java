package io.nightshift.connectors.parquet.compaction;

import io.nightshift.connectors.files.FileReadException;
import io.nightshift.connectors.parquet.input.UnifiableFiles;
import io.nightshift.connectors.parquet.sink.OutputNames;
import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;

/**
 * Files of one folder that are merged into one.
 *
 * @param folder of the files
 * @param files at least two
 */
public record FileGroup(String folder, ArrayList<Member> files) implements Serializable {
  private static final long serialVersionUID = 1L;

  /**
   * @param name of the file in the folder
   * @param bytes its length
   */
  public record Member(String name, long bytes) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /** The length of all files together. */
  public long bytes() {
    return files.stream().mapToLong(Member::bytes).sum();
  }

  /**
   * Divides the small files of a folder into groups whose results are at least {@code targetBytes}
   * long, except for the last one. Nothing is grouped unless a sink has written a small file since
   * the last compaction, so that compacting twice changes nothing. An earlier result that is still
   * small is merged again only with at least as many bytes of other files, so that a file that
   * grows a little each night is rewritten a logarithmic number of times.
   *
   * @param folder of the files
   * @param files that are complete
   * @param targetBytes length from which on a file is not merged
   */
  public static List<FileGroup> of(Path folder, List<FileStatus> files, long targetBytes) {
    List<FileStatus> small =
        files.stream()
            .filter(file -> !file.isDir() && file.getLen() < targetBytes)
            .sorted(
                Comparator.comparing(FileGroup::isMerged)
                    .thenComparing(FileStatus::getLen)
                    .thenComparing(FileGroup::name))
            .toList();
    List<Member> members = new ArrayList<>();
    long bytes = 0;
    for (FileStatus file : small) {
      if (!isMerged(file) || file.getLen() <= bytes) {
        members.add(member(file));
        bytes += file.getLen();
      }
    }
    return divide(folder, members, targetBytes);
  }

  /**
   * Divides this group into groups whose columns have a common type each; they have none after a
   * run that found texts in a former column of integers. A file without a companion is left out.
   *
   * @param listed files that include this group's
   * @throws FileReadException naming the file that cannot be read
   */
  public List<FileGroup> byTypes(List<FileStatus> listed) throws IOException {
    Map<Member, FileStatus> statuses = new HashMap<>();
    listed.forEach(file -> statuses.put(member(file), file));
    List<FileGroup> groups = new ArrayList<>();
    for (List<FileStatus> alike :
        UnifiableFiles.divide(files.stream().map(statuses::get).toList())) {
      if (alike.size() > 1) {
        ArrayList<Member> members = new ArrayList<>();
        alike.forEach(file -> members.add(member(file)));
        groups.add(new FileGroup(folder, members));
      }
    }
    return groups;
  }

  private static List<FileGroup> divide(Path folder, List<Member> members, long targetBytes) {
    List<FileGroup> groups = new ArrayList<>();
    ArrayList<Member> group = new ArrayList<>();
    long bytes = 0;
    for (Member member : members) {
      group.add(member);
      bytes += member.bytes();
      if (bytes >= targetBytes) {
        groups.add(new FileGroup(folder.toString(), group));
        group = new ArrayList<>();
        bytes = 0;
      }
    }
    if (group.size() > 1) {
      groups.add(new FileGroup(folder.toString(), group));
    }
    return groups;
  }

  private static Member member(FileStatus file) {
    return new Member(name(file), file.getLen());
  }

  private static boolean isMerged(FileStatus file) {
    return OutputNames.isCompacted(name(file));
  }

  private static String name(FileStatus file) {
    return file.getPath().getName();
  }
}
