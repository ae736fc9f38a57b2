package io.nightshift.runtime.constraint.schema.format;

/** RFC 3986 (URI), RFC 3987 (IRI) and RFC 6570 (URI templates), as regular expressions. */
final class UriGrammar {
  private static final String UCSCHAR =
      "\\u00A0-\\uD7FF\\uF900-\\uFDCF\\uFDF0-\\uFFEF"
          + "\\u{10000}-\\u{1FFFD}\\u{20000}-\\u{2FFFD}\\u{30000}-\\u{3FFFD}"
          + "\\u{40000}-\\u{4FFFD}\\u{50000}-\\u{5FFFD}\\u{60000}-\\u{6FFFD}"
          + "\\u{70000}-\\u{7FFFD}\\u{80000}-\\u{8FFFD}\\u{90000}-\\u{9FFFD}"
          + "\\u{A0000}-\\u{AFFFD}\\u{B0000}-\\u{BFFFD}\\u{C0000}-\\u{CFFFD}"
          + "\\u{D0000}-\\u{DFFFD}\\u{E1000}-\\u{EFFFD}";
  private static final String PRIVATE =
      "\\uE000-\\uF8FF\\u{F0000}-\\u{FFFFD}\\u{100000}-\\u{10FFFD}";
  private static final String PERCENT_ENCODED = "%[0-9A-Fa-f]{2}";
  private static final String SUB_DELIMITERS = "!$&'()*+,;=";

  /** Unreserved characters; the hyphen comes last in a class. */
  private static final String UNRESERVED = "A-Za-z0-9._~";

  private static final String SCHEME = "[A-Za-z][A-Za-z0-9+.-]*:";
  private static final String IP_LITERAL =
      "\\[(?:"
          + HostGrammar.IPV6
          + "|[Vv][0-9A-Fa-f]+\\.["
          + UNRESERVED
          + SUB_DELIMITERS
          + ":-]+)\\]";

  private static final UriGrammar ASCII = new UriGrammar("", "");
  private static final UriGrammar INTERNATIONAL = new UriGrammar(UCSCHAR, PRIVATE);

  static final String URI = ASCII.absolute();
  static final String URI_REFERENCE = ASCII.reference();
  static final String IRI = INTERNATIONAL.absolute();
  static final String IRI_REFERENCE = INTERNATIONAL.reference();

  private static final String TEMPLATE_LITERAL =
      "(?:[!#$&-;=?-\\[\\]_a-z~" + UCSCHAR + PRIVATE + "]|" + PERCENT_ENCODED + ")";
  private static final String VARIABLE_CHARACTER = "(?:[A-Za-z0-9_]|" + PERCENT_ENCODED + ")";
  private static final String VARIABLE =
      VARIABLE_CHARACTER + "(?:\\.?" + VARIABLE_CHARACTER + ")*(?::[1-9]\\d{0,3}|\\*)?";

  static final String URI_TEMPLATE =
      "(?:" + TEMPLATE_LITERAL + "|\\{[+#./;?&=,!@|]?" + VARIABLE + "(?:," + VARIABLE + ")*\\})*";

  private final String authority;
  private final String segment;
  private final String firstSegmentWithoutColon;
  private final String queryAndFragment;

  /**
   * @param unreserved unreserved characters beyond ASCII
   * @param inQuery characters beyond these in a query
   */
  private UriGrammar(String unreserved, String inQuery) {
    String characters = UNRESERVED + SUB_DELIMITERS + unreserved;
    String port = "(?::[0-9]*)?";
    String host = "(?:" + IP_LITERAL + "|" + anyOf(characters) + "*)";
    this.authority = "//(?:" + anyOf(characters + ":") + "*@)?" + host + port;
    this.segment = anyOf(characters + ":@");
    this.firstSegmentWithoutColon = anyOf(characters + "@") + "+";
    this.queryAndFragment =
        "(?:\\?"
            + anyOf(characters + ":@/?" + inQuery)
            + "*)?(?:#"
            + anyOf(characters + ":@/?")
            + "*)?";
  }

  private static String anyOf(String characters) {
    return "(?:[" + characters + "-]|" + PERCENT_ENCODED + ")";
  }

  private String absolute() {
    return SCHEME + hierarchy(segment + "+");
  }

  private String reference() {
    return absolute() + "|" + hierarchy(firstSegmentWithoutColon);
  }

  private String hierarchy(String firstSegment) {
    String segments = "(?:/" + segment + "*)*";
    String absolutePath = "/(?:" + segment + "+" + segments + ")?";
    String rootlessPath = firstSegment + segments;
    return "(?:%s%s|%s|%s|)%s"
        .formatted(authority, segments, absolutePath, rootlessPath, queryAndFragment);
  }
}
