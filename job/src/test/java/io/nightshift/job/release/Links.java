package io.nightshift.job.release;

import java.util.List;
import java.util.regex.Pattern;

/** Links of Markdown to other files. */
final class Links {
  private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)(?:#[^)]*)?\\)");

  private Links() {}

  static List<String> of(String markdown) {
    return LINK.matcher(markdown).results().map(link -> link.group(1)).toList();
  }
}
