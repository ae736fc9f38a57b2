package io.nightshift.job.hub;

import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Names of models on the hub and of their revisions. Both become parts of addresses and of paths
 * below a cache folder, so that only what the hub itself accepts is let through: no empty segment,
 * none that begins with a dot, no other separator.
 */
public final class HubNames {
  static final String PREFIX = "hf:";
  private static final int MAX_LENGTH = 200;

  private static final Pattern NAME = Pattern.compile("(\\w[\\w.-]*/)?\\w[\\w.-]*");
  private static final Pattern SEGMENT = Pattern.compile("[\\w@+=,-][\\w.@+=,-]*");

  private HubNames() {}

  /** Whether a model path is meant as a name on the hub. */
  public static boolean isHubPath(String modelPath) {
    return modelPath.startsWith(PREFIX);
  }

  /**
   * @param modelPath {@code hf:OWNER/NAME} or {@code hf:NAME}
   */
  public static boolean isValid(String modelPath) {
    // The cache folder's name has "--" for the separator.
    return isHubPath(modelPath)
        && modelPath.length() <= MAX_LENGTH
        && !modelPath.contains("..")
        && !modelPath.contains("--")
        && NAME.matcher(name(modelPath)).matches();
  }

  /**
   * @param revision branch, tag or commit, with separators as in {@code refs/pr/1}
   */
  public static boolean isRevision(String revision) {
    return revision.length() <= MAX_LENGTH
        && !revision.contains("..")
        && Arrays.stream(revision.split("/", -1)).allMatch(HubNames::isSegment);
  }

  /** Whether a text can be the name of a file or folder inside another one. */
  static boolean isSegment(String text) {
    return SEGMENT.matcher(text).matches();
  }

  static String name(String modelPath) {
    return modelPath.substring(PREFIX.length());
  }
}
