package io.nightshift.connectors.files;

import java.io.File;
import java.io.IOException;
import java.nio.charset.Charset;
import org.apache.flink.core.fs.Path;

/**
 * Checks that this JVM can name local files. It exchanges names with the operating system in the
 * character set of its locale. {@link File} silently replaces other characters with question marks,
 * so that a different file is read or written.
 */
public final class LocalFileNames {
  private static final String CHARACTER_SET = System.getProperty("sun.jnu.encoding", "US-ASCII");

  /** The replacement for bytes of names and arguments that could not be decoded. */
  private static final char NOT_DECODED = '\uFFFD';

  /** How to start a JVM that supports all names. */
  public static final String REMEDY =
      "Java reads and writes names and arguments in the character set %s here; set LC_ALL=C.UTF-8 in the environment of the process (on a cluster, of all of Flink's processes)"
          .formatted(CHARACTER_SET);

  private LocalFileNames() {}

  /** Whether this JVM could decode a name or an argument. */
  public static boolean isDecoded(String text) {
    return text.indexOf(NOT_DECODED) < 0;
  }

  /**
   * Checks a file's path; does nothing if the file is not local.
   *
   * @throws UnknownCharactersException naming the path, if this JVM cannot name it
   */
  public static void requireKnown(Path path) throws IOException {
    if (isLocal(path)) {
      requireKnown(path.getPath());
    }
  }

  /**
   * Checks a local folder's path and the names in it; does nothing for one that is not local.
   *
   * @throws UnknownCharactersException naming the first file that this JVM cannot name
   */
  public static void requireKnownInside(Path folder) throws IOException {
    if (isLocal(folder)) {
      requireKnown(folder.getPath());
      String[] names = new File(folder.getPath()).list();
      for (String name : names == null ? new String[0] : names) {
        requireKnown(folder.getPath() + "/" + name);
      }
    }
  }

  private static boolean isLocal(Path path) throws IOException {
    return path.getFileSystem().getUri().getScheme().equals("file");
  }

  private static void requireKnown(String path) throws UnknownCharactersException {
    if (!isDecoded(path) || !Charset.forName(CHARACTER_SET).newEncoder().canEncode(path)) {
      throw new UnknownCharactersException(path);
    }
  }
}
