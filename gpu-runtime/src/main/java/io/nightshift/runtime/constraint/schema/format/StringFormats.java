package io.nightshift.runtime.constraint.schema.format;

import io.nightshift.runtime.constraint.regex.RegularExpression;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.lucene.util.automaton.Automaton;
import org.jspecify.annotations.Nullable;

/**
 * The values of {@code format} in JSON Schema (validation, section 7.3) that are regular languages.
 * Where a language is not, or is too large, its automaton accepts a part of it:
 *
 * <ul>
 *   <li>host names and domains of email addresses have no A-labels ({@code xn--...}), and their
 *       length is {@link #maxLength}, not part of the automaton
 *   <li>leap seconds are of time zones that are whole or half hours away from UTC
 *   <li>labels of {@code idn-email} beyond ASCII have up to 12 letters, marks and digits
 *   <li>relative JSON pointers have no index manipulation, which drafts before 2020-12 lack
 * </ul>
 */
public final class StringFormats {
  /** RFC 1035, section 2.3.4, less the length bytes at both ends. */
  private static final int MAX_HOSTNAME = 253;

  /** RFC 5321, section 4.5.3.1.3, less the angle brackets. */
  private static final int MAX_EMAIL = 254;

  private static final String HEXADECIMAL = "[0-9A-Fa-f]";

  /** RFC 4122. */
  private static final String UUID =
      HEXADECIMAL + "{8}-(?:" + HEXADECIMAL + "{4}-){3}" + HEXADECIMAL + "{12}";

  /** RFC 6901. */
  private static final String JSON_POINTER = "(?:/(?:[^~/]|~[01])*)*";

  private static final String RELATIVE_JSON_POINTER = "(?:0|[1-9]\\d*)(?:#|" + JSON_POINTER + ")";

  private static final Map<String, String> PATTERNS =
      Map.ofEntries(
          Map.entry("date", DateTimeGrammar.DATE),
          Map.entry("time", DateTimeGrammar.TIME),
          Map.entry("date-time", DateTimeGrammar.DATE_TIME),
          Map.entry("duration", DateTimeGrammar.DURATION),
          Map.entry("email", HostGrammar.EMAIL),
          Map.entry("idn-email", HostGrammar.IDN_EMAIL),
          Map.entry("hostname", HostGrammar.HOSTNAME),
          Map.entry("ipv4", HostGrammar.IPV4),
          Map.entry("ipv6", HostGrammar.IPV6),
          Map.entry("uri", UriGrammar.URI),
          Map.entry("uri-reference", UriGrammar.URI_REFERENCE),
          Map.entry("iri", UriGrammar.IRI),
          Map.entry("iri-reference", UriGrammar.IRI_REFERENCE),
          Map.entry("uri-template", UriGrammar.URI_TEMPLATE),
          Map.entry("uuid", UUID),
          Map.entry("json-pointer", JSON_POINTER),
          Map.entry("relative-json-pointer", RELATIVE_JSON_POINTER));

  private static final Set<String> PARTIAL =
      Set.of("hostname", "email", "idn-email", "time", "date-time", "relative-json-pointer");

  private static final Map<String, Automaton> COMPILED = new ConcurrentHashMap<>();

  private StringFormats() {}

  /**
   * The strings of a format: minimal, deterministic, without dead states, over code points. Null if
   * the format is not known here, or not regular ({@code idn-hostname}, {@code regex}).
   */
  public static @Nullable Automaton find(String format) {
    String pattern = PATTERNS.get(format);
    return pattern == null
        ? null
        : COMPILED.computeIfAbsent(format, key -> RegularExpression.fullMatch(pattern));
  }

  /** Whether the automaton accepts all strings of a format. */
  public static boolean isExact(String format) {
    return !PARTIAL.contains(format);
  }

  /**
   * Maximum number of code points of a string of the format, besides what its automaton says (which
   * would multiply its states); {@link Integer#MAX_VALUE} for no maximum.
   */
  public static int maxLength(String format) {
    return switch (format) {
      case "hostname" -> MAX_HOSTNAME;
      case "email", "idn-email" -> MAX_EMAIL;
      default -> Integer.MAX_VALUE;
    };
  }
}
