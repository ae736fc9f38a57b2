package io.nightshift.connectors.files;

import java.nio.file.FileSystems;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of paths: {@code *}, {@code ?}, {@code [a-z]}, {@code {a,b}}, and {@code **} for any
 * number of folders. In brackets a character means itself: {@code [*]}, {@code [[]}, {@code [{]}.
 *
 * @param fixed the names before the first one with a wildcard
 * @param patterns one for each name below; {@link #ANY_DEPTH} for any number of folders
 */
public record Glob(List<String> fixed, List<String> patterns) {
  /** The pattern of any number of folders. */
  public static final String ANY_DEPTH = "**";

  private static final Pattern WILDCARD = Pattern.compile("[*?\\[{]");

  public Glob {
    fixed = List.copyOf(fixed);
    patterns = List.copyOf(patterns);
  }

  /** Whether a path, or a name in it, has wildcards. */
  public static boolean isGlob(String path) {
    return WILDCARD.matcher(path).find();
  }

  /**
   * Parses a path. Each result has one pattern for each name: alternatives that span folders, as in
   * <code>{2023/01,2024/02}/*</code>, are patterns of their own.
   */
  public static List<Glob> of(String path) {
    List<String> written = names(path);
    int wildcard = 0;
    while (wildcard < written.size() && !isGlob(written.get(wildcard))) {
      wildcard++;
    }
    List<Glob> globs = new ArrayList<>();
    for (String expanded : expand(path)) {
      List<String> names = names(expanded);
      globs.add(new Glob(names.subList(0, wildcard), names.subList(wildcard, names.size())));
    }
    return globs;
  }

  private static List<String> names(String path) {
    return Arrays.stream(path.split("/")).filter(name -> !name.isEmpty()).toList();
  }

  /** Expands all alternatives that span folders. */
  private static List<String> expand(String path) {
    int from = 0;
    int @Nullable [] group;
    while ((group = nextGroup(path, from)) != null) {
      String inside = path.substring(group[0] + 1, group[1]);
      if (inside.contains("/")) {
        List<String> expanded = new ArrayList<>();
        for (String alternative : alternatives(inside)) {
          expanded.addAll(
              expand(path.substring(0, group[0]) + alternative + path.substring(group[1] + 1)));
        }
        return expanded;
      }
      from = group[1] + 1;
    }
    return List.of(path);
  }

  /** The positions at which the next outermost braces open and close; null if there are none. */
  private static int @Nullable [] nextGroup(String path, int from) {
    int depth = 0;
    int open = -1;
    for (int at = from; at < path.length(); at++) {
      char c = path.charAt(at);
      if (c == '[') {
        at = endOfBracket(path, at);
      } else if (c == '{' && depth++ == 0) {
        open = at;
      } else if (c == '}' && depth > 0 && --depth == 0) {
        return new int[] {open, at};
      }
    }
    return null;
  }

  /** Splits at the commas outside of inner braces and brackets. */
  private static List<String> alternatives(String inside) {
    List<String> alternatives = new ArrayList<>();
    int depth = 0;
    int begin = 0;
    for (int at = 0; at < inside.length(); at++) {
      char c = inside.charAt(at);
      if (c == '[') {
        at = endOfBracket(inside, at);
      } else if (c == '{') {
        depth++;
      } else if (c == '}') {
        depth--;
      } else if (c == ',' && depth == 0) {
        alternatives.add(inside.substring(begin, at));
        begin = at + 1;
      }
    }
    alternatives.add(inside.substring(begin));
    return alternatives;
  }

  /** The position at which a bracket closes, or at which it opens if it never closes. */
  private static int endOfBracket(String text, int open) {
    int close = text.indexOf(']', open + 1);
    return close < 0 ? open : close;
  }

  /**
   * Returns the matcher for the names that a pattern matches.
   *
   * @throws java.util.regex.PatternSyntaxException if it is not a valid pattern
   */
  public static PathMatcher matcher(String pattern) {
    return FileSystems.getDefault().getPathMatcher("glob:" + pattern);
  }

  /** Whether a pattern matches a name. */
  public static boolean matches(String pattern, String name) {
    return matches(matcher(pattern), name);
  }

  /**
   * As {@link #matches(String, String)}. A name that this process cannot encode matches, so that
   * reading the file fails with its name.
   */
  public static boolean matches(PathMatcher pattern, String name) {
    try {
      return pattern.matches(Path.of(name));
    } catch (InvalidPathException e) {
      return true;
    }
  }
}
