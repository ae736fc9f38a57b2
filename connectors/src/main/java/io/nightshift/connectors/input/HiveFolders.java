package io.nightshift.connectors.input;

import io.nightshift.connectors.files.FileReadException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Hive's partition folders, {@code key=value}. Keys and values are percent-decoded; the value
 * {@code __HIVE_DEFAULT_PARTITION__} is null.
 */
public final class HiveFolders {
  private static final String NULL = "__HIVE_DEFAULT_PARTITION__";

  private HiveFolders() {}

  /**
   * Parses the keys and values of {@code folders}, which are names from the outermost to the
   * innermost.
   *
   * @throws FileReadException naming {@code file} if two folders have the same key
   */
  static Map<String, @Nullable String> parse(String file, List<String> folders)
      throws FileReadException {
    Map<String, @Nullable String> values = new LinkedHashMap<>();
    for (String folder : folders) {
      int equals = folder.indexOf('=');
      if (equals > 0) {
        String value = decode(folder.substring(equals + 1));
        String key = decode(folder.substring(0, equals));
        if (values.containsKey(key)) {
          throw FileReadException.ofColumn(
              file, key, "is given by two of the folders above: rename one of them");
        }
        values.put(key, value.equals(NULL) ? null : value);
      }
    }
    return values;
  }

  /** Whether a folder's name is {@code key=value}. */
  static boolean isPartition(String folder) {
    return folder.indexOf('=') > 0;
  }

  /** Whether {@code value} is an integer of 64 bits, leading zeros allowed. */
  public static boolean isInteger(String value) {
    if (!value.matches("-?[0-9]+")) {
      return false;
    }
    try {
      Long.parseLong(value);
      return true;
    } catch (NumberFormatException tooLong) {
      return false;
    }
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }
}
