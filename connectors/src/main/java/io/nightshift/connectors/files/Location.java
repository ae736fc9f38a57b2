package io.nightshift.connectors.files;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileSystemLoopException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/**
 * The canonical form of a path: paths with the same location lead to the same file or folder.
 * Schemes of the same store are equal, an omitted scheme is that of Flink's default file system,
 * and links of local file systems have been followed, including those above a file that does not
 * exist yet.
 *
 * @param store file system or bucket
 * @param names of the folders and the file, from the root of the store
 */
public record Location(String store, List<String> names) {
  private static final String LOCAL = "file";

  /** Schemes that are synonyms. */
  private static final Map<String, String> SAME_STORE =
      Map.ofEntries(
          Map.entry("s3a", "s3"),
          Map.entry("s3n", "s3"),
          Map.entry("s3p", "s3"),
          Map.entry("abfss", "azure"),
          Map.entry("abfs", "azure"),
          Map.entry("wasbs", "azure"),
          Map.entry("wasb", "azure"),
          Map.entry("webhdfs", "hdfs"),
          Map.entry("swebhdfs", "hdfs"));

  /** The limit of Linux. */
  private static final int MAX_LINKS = 40;

  public Location {
    names = List.copyOf(names);
  }

  /** The location of a path, which need not exist. */
  public static Location of(Path path) throws IOException {
    if (isLocal(path)) {
      return new Location(LOCAL, names(real(java.nio.file.Path.of(path.getPath())).toString()));
    }
    URI uri = path.toUri();
    String scheme = scheme(path);
    @Nullable String authority = uri.getAuthority();
    if (authority == null) {
      authority = path.getFileSystem().getUri().getAuthority();
    }
    String family = SAME_STORE.getOrDefault(scheme, scheme);
    return new Location(
        family + "://" + host(family, authority == null ? "" : authority), names(path.getPath()));
  }

  /** Whether a path is on this machine's file systems. */
  public static boolean isLocal(Path path) {
    return scheme(path).equals(LOCAL);
  }

  private static String scheme(Path path) {
    @Nullable String scheme = path.toUri().getScheme();
    if (scheme == null) {
      scheme = FileSystem.getDefaultFsUri().getScheme();
    }
    return scheme == null ? LOCAL : scheme.toLowerCase(Locale.ROOT);
  }

  private static String host(String family, String authority) {
    String host = authority.toLowerCase(Locale.ROOT);
    return switch (family) {
      // The port depends on the protocol and is optional.
      case "hdfs" -> host.replaceFirst(":\\d+$", "");
      case "azure" -> host.replace(".blob.core.", ".dfs.core.");
      default -> host;
    };
  }

  private static List<String> names(String path) {
    return Arrays.stream(path.split("/")).filter(name -> !name.isEmpty()).toList();
  }

  /** Follows the links of the part of a path that exists. */
  private static java.nio.file.Path real(java.nio.file.Path path) throws IOException {
    java.nio.file.Path existing = path.toAbsolutePath().normalize();
    Deque<java.nio.file.Path> missing = new ArrayDeque<>();
    int links = 0;
    while (!Files.exists(existing)) {
      if (Files.isSymbolicLink(existing)) {
        if (++links > MAX_LINKS) {
          throw new FileSystemLoopException(path.toString());
        }
        existing = existing.resolveSibling(Files.readSymbolicLink(existing)).normalize();
      } else {
        missing.push(existing.getFileName());
        existing = Objects.requireNonNull(existing.getParent(), "The root exists.");
      }
    }
    java.nio.file.Path real = existing.toRealPath();
    for (java.nio.file.Path name : missing) {
      real = real.resolve(name);
    }
    return real;
  }

  /** Whether this is the other location or lies below it. */
  public boolean isWithin(Location other) {
    return store.equals(other.store)
        && names.size() >= other.names.size()
        && names.subList(0, other.names.size()).equals(other.names);
  }

  /** The path from a folder above to this location; empty if this does not lie within it. */
  public Optional<List<String>> from(Location folder) {
    return isWithin(folder)
        ? Optional.of(names.subList(folder.names.size(), names.size()))
        : Optional.empty();
  }
}
