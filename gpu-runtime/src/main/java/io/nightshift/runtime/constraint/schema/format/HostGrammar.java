package io.nightshift.runtime.constraint.schema.format;

/** Host names, IP addresses and email addresses, as regular expressions. */
final class HostGrammar {
  /** RFC 791, as RFC 3986 writes it: without leading zeros. */
  static final String IPV4 = ipv4();

  /** RFC 4291, section 2.2, in the grammar of RFC 3986. */
  static final String IPV6 = ipv6();

  /**
   * A label of RFC 1123 that is no A-label (RFC 5890): whether what follows <code>xn--</code> is
   * Punycode of a permitted name is beyond a finite automaton.
   */
  private static final String LABEL = "(?![Xx][Nn]--)[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

  static final String HOSTNAME = "(?:" + LABEL + "\\.)*" + LABEL;

  /** RFC 5321, section 4.1.2. */
  static final String EMAIL = email("[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]", "[ !#-\\[\\]-~]", HOSTNAME);

  private static final String INTERNATIONAL = "\\x80-\\u{10FFFF}";

  /**
   * A label of ASCII, or of letters, marks and digits of any script: few enough that it has no more
   * than 63 bytes in Punycode.
   */
  private static final String INTERNATIONAL_LABEL =
      "(?:" + LABEL + "|[\\p{L}\\p{Nd}][\\p{L}\\p{M}\\p{Nd}]{0,11})";

  /** RFC 6531, section 3.3. */
  static final String IDN_EMAIL =
      email(
          "[A-Za-z0-9!#$%&'*+/=?^_`{|}~" + INTERNATIONAL + "-]",
          "[ !#-\\[\\]-~" + INTERNATIONAL + "]",
          "(?:" + INTERNATIONAL_LABEL + "\\.)*" + INTERNATIONAL_LABEL);

  private HostGrammar() {}

  private static String ipv4() {
    String octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";
    return "(?:" + octet + "\\.){3}" + octet;
  }

  private static String ipv6() {
    String group = "[0-9A-Fa-f]{1,4}";
    String lastGroups = "(?:" + group + ":" + group + "|" + ipv4() + ")";
    StringBuilder forms = new StringBuilder("(?:(?:" + group + ":){6}" + lastGroups);
    for (int before = 0; before <= 7; before++) {
      String left = before == 0 ? "" : "(?:" + group + ":){0,%s}".formatted(before - 1) + group;
      int after = 7 - before;
      String right =
          switch (after) {
            case 0 -> "";
            case 1 -> group;
            default -> "(?:" + group + ":){" + (after - 2) + "}" + lastGroups;
          };
      forms.append("|(?:" + left + ")?::").append(right);
    }
    return forms.append(")").toString();
  }

  /**
   * The local part has up to 64 characters (section 4.5.3.1.1): a quoted string with quoted pairs
   * up to 31 characters and pairs, since pairs count twice.
   */
  private static String email(String atom, String quoted, String hostname) {
    String dotString = "(?=[^@]{1,64}@)" + atom + "+(?:\\." + atom + "+)*";
    String pairs = "(?:" + quoted + "|\\\\[ -~]){0,31}";
    String local = "(?:" + dotString + "|\"(?:" + quoted + "{0,62}|" + pairs + ")\")";
    String literal = "\\[(?:" + IPV4 + "|IPv6:" + IPV6 + ")\\]";
    return local + "@(?:" + hostname + "|" + literal + ")";
  }
}
