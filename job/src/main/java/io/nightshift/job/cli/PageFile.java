package io.nightshift.job.cli;

import io.nightshift.connectors.files.AtomicFile;
import io.nightshift.connectors.files.FolderListing;
import io.nightshift.connectors.files.Location;
import io.nightshift.connectors.parquet.output.OutputFiles;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.report.build.ReportedOutput;
import io.nightshift.job.storage.PathText;
import io.nightshift.job.storage.RecordFolder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.FSDataInputStream;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** The file that {@code --html} names, which must neither harm answers nor replace other files. */
final class PageFile {
  private static final Pattern NAME = Pattern.compile("(?i).*\\.html?");
  private static final String BEGIN = "<!doctype html";

  private final Path path;

  private PageFile(Path path) {
    this.path = path;
  }

  /** Writes a page. */
  @FunctionalInterface
  interface Content {
    void write(Appendable target) throws IOException;
  }

  /**
   * @param file as the user wrote it
   * @param outputs that the page is about
   * @throws InvalidJobException if a page cannot be there
   */
  static PageFile of(String file, List<ReportedOutput> outputs) throws IOException {
    Path path = path(file);
    Optional<FileStatus> present = FolderListing.status(path);
    if (present.isPresent()) {
      requirePage(file, present.get());
    } else {
      requireFolder(file, path);
    }
    Optional<Path> output = outputOf(path, outputs);
    if (output.isPresent()) {
      throw new InvalidJobException(
          "--html %s is in the output %s, where readers take it for answers; name a file outside of it, or one whose name begins with _"
              .formatted(file, output.get()));
    }
    return new PageFile(path);
  }

  private static Path path(String file) {
    try {
      return PathText.parse(file);
    } catch (IllegalArgumentException e) {
      throw new InvalidJobException("--html " + e.getMessage(), e);
    }
  }

  private static void requirePage(String file, FileStatus present) throws IOException {
    if (present.isDir()) {
      throw new InvalidJobException(
          "--html %s is a folder; name a file, for instance %s/report.html"
              .formatted(file, file.replaceFirst("/+$", "")));
    }
    if (!NAME.matcher(present.getPath().getName()).matches() && !isPage(present)) {
      throw new InvalidJobException(
          "--html %s exists and is no page; give another name, or delete it".formatted(file));
    }
  }

  private static boolean isPage(FileStatus file) throws IOException {
    if (file.getLen() < BEGIN.length()) {
      return false;
    }
    try (FSDataInputStream in = file.getPath().getFileSystem().open(file.getPath())) {
      byte[] begin = in.readNBytes(BEGIN.length());
      return new String(begin, StandardCharsets.UTF_8).toLowerCase(Locale.ROOT).equals(BEGIN);
    }
  }

  /** Object storage has no folders that could be missing. */
  private static void requireFolder(String file, Path path) throws IOException {
    @Nullable Path folder = path.getParent();
    if (folder != null && Location.isLocal(path) && FolderListing.status(folder).isEmpty()) {
      throw new InvalidJobException(
          "the folder of --html %s does not exist; create it, or give another name"
              .formatted(file));
    }
  }

  /** The output, one of these or that of the folder, whose readers would find the page. */
  private static Optional<Path> outputOf(Path path, List<ReportedOutput> outputs)
      throws IOException {
    Location page = Location.of(path);
    for (ReportedOutput output : outputs) {
      for (Path folder : output.folders()) {
        Optional<List<String>> below = page.from(Location.of(folder));
        if (below.isPresent() && below.get().stream().noneMatch(OutputFiles::isHidden)) {
          return Optional.of(folder);
        }
      }
    }
    @Nullable Path folder = path.getParent();
    return folder != null
            && !OutputFiles.isHidden(path.getName())
            && FolderListing.status(new RecordFolder(folder).runs()).isPresent()
        ? Optional.of(folder)
        : Optional.empty();
  }

  /** Writes the page, in place of one that is there, and returns its path. */
  Path write(Content content) throws IOException {
    StringBuilder text = new StringBuilder();
    content.write(text);
    AtomicFile.write(path, text.toString().getBytes(StandardCharsets.UTF_8));
    return path;
  }
}
