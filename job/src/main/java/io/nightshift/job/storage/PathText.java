package io.nightshift.job.storage;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.core.fs.Path;

/**
 * Reads the paths that users write. Flink's own reading takes what is before a colon for a scheme,
 * and a backslash for a slash.
 */
public final class PathText {
  private static final Pattern WITH_SCHEME = Pattern.compile("([A-Za-z][A-Za-z0-9+.-]*):(.*)");
  private static final Set<String> WEB = Set.of("http", "https");

  /** Schemes that are recognized even if the slash after the colon is missing. */
  private static final Set<String> KNOWN =
      Set.of(
          "s3", "s3a", "s3n", "s3p", "hdfs", "webhdfs", "viewfs", "gs", "abfs", "abfss", "wasb",
          "wasbs", "oss", "hf", "http", "https");

  private PathText() {}

  /**
   * The path that a text denotes. Relative local paths are resolved against the working directory
   * of the command, on whichever host they are used.
   *
   * @throws IllegalArgumentException if it is not a path; the message follows the name of the
   *     option
   */
  public static Path parse(String text) {
    if (text.contains("\\")) {
      throw new IllegalArgumentException(
          "has a backslash, which Flink's paths cannot express: "
              + text
              + "; write / between folders, and rename what has a backslash in its name");
    }
    Matcher matcher = WITH_SCHEME.matcher(text);
    if (!matcher.matches()) {
      return new Path(absolute(text));
    }
    String scheme = matcher.group(1).toLowerCase(Locale.ROOT);
    String rest = matcher.group(2);
    if (WEB.contains(scheme)) {
      throw new IllegalArgumentException(
          "is a web address, which is not a file system: "
              + text
              + "; download the files, or copy them to a bucket, and give their path");
    }
    if (scheme.equals("file")) {
      return new Path("file:" + absolute(withoutHost(text, rest)));
    }
    if (rest.startsWith("/")) {
      return new Path(scheme + ":" + rest);
    }
    if (KNOWN.contains(scheme)) {
      throw new IllegalArgumentException(
          "is not a path: " + text + "; write " + scheme + "://, followed by the path");
    }
    return new Path(absolute(text));
  }

  private static String withoutHost(String text, String rest) {
    if (!rest.startsWith("//")) {
      return rest;
    }
    int slash = rest.indexOf('/', 2);
    String host = slash < 0 ? rest.substring(2) : rest.substring(2, slash);
    if (!host.isEmpty() && !host.equalsIgnoreCase("localhost")) {
      throw new IllegalArgumentException(
          "names a host: "
              + text
              + "; local paths have three slashes: file:///"
              + rest.substring(2));
    }
    return slash < 0 ? "/" : rest.substring(slash);
  }

  private static String absolute(String path) {
    return path.startsWith("/") ? path : System.getProperty("user.dir") + "/" + path;
  }
}
