package io.nightshift.runtime.constraint.schema.format;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.OffsetTime;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.apache.lucene.util.automaton.Automaton;
import org.apache.lucene.util.automaton.Operations;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StringFormatsTest {
  private static final String LABEL_OF_63 = "a".repeat(63);

  private static final Map<String, List<String>> VALID =
      Map.ofEntries(
          Map.entry(
              "time",
              List.of(
                  "08:30:06.283185Z",
                  "23:59:60z",
                  "01:29:60+01:30",
                  "00:00:00-00:00",
                  "15:59:60.5-08:00")),
          Map.entry("date-time", List.of("2024-02-29t12:00:00.000Z", "1998-12-31T23:59:60Z")),
          Map.entry(
              "duration", List.of("P4DT12H30M5S", "P2W", "PT0S", "P1M", "PT1M", "P1Y2M3D", "P0D")),
          Map.entry(
              "email",
              List.of(
                  "a@b",
                  "te~st.x@example.com",
                  "\"a b@\\\"\"@x.org",
                  "a@[127.0.0.1]",
                  "a@[IPv6:::1]",
                  "b".repeat(64) + "@c")),
          Map.entry("idn-email", List.of("a@b", "\uC2E4\uB840@\uC2E4\uB840.\uD14C\uC2A4\uD2B8")),
          Map.entry(
              "hostname",
              List.of("a", "1host.example", "a--b.c", "r3---sn.example", LABEL_OF_63 + ".com")),
          Map.entry("ipv4", List.of("0.0.0.0", "255.249.199.99")),
          Map.entry(
              "ipv6",
              List.of(
                  "::",
                  "::1",
                  "1::",
                  "1:2:3:4:5:6:7:8",
                  "1::8",
                  "1:2:3:4:5:6:7::",
                  "::2:3:4:5:6:7:8",
                  "::ffff:1.2.3.4",
                  "1:2:3:4:5:6:1.2.3.4",
                  "1::6:1.2.3.4",
                  "ABCD::")),
          Map.entry(
              "uri",
              List.of(
                  "http://example.com:80/a;b?q=1#f",
                  "urn:x:y",
                  "ftp://u:p@[::1]/",
                  "mailto:a@b.c",
                  "file:///etc",
                  "a:")),
          Map.entry("uri-reference", List.of("", "/a", "a/b:c", "?q", "#f", "//h", "x:y", "./a:b")),
          Map.entry("iri", List.of("http://\u00e9\u00e9.example/\u00fc?\uE000", "a:\uD83D\uDE00")),
          Map.entry("iri-reference", List.of("\u00e9", "", "/\u00e9#\u00e9")),
          Map.entry("uri-template", List.of("", "/a{b}", "{+a,b:30,c*}{?d.e}", "a%20'")),
          Map.entry("uuid", List.of("2EB8AA08-AA98-11EA-b4aa-73B441D16380")),
          Map.entry("json-pointer", List.of("", "/", "/a~0b~1c", "//\n")),
          Map.entry("relative-json-pointer", List.of("0", "10#", "1/a")));

  private static final Map<String, List<String>> INVALID =
      Map.ofEntries(
          Map.entry(
              "time",
              List.of(
                  "24:00:00Z",
                  "12:60:00Z",
                  "12:00:00",
                  "12:00Z",
                  "22:59:60Z",
                  "23:59:60+01:00",
                  "23:59:61Z",
                  "12:00:00+24:00",
                  "12:00:00.Z",
                  "1\u0967:00:00Z")),
          Map.entry(
              "date-time",
              List.of(
                  "2024-02-29 12:00:00Z",
                  "2023-02-29T12:00:00Z",
                  "2024-02-29",
                  "1998-12-31T23:58:60Z")),
          Map.entry(
              "duration",
              List.of(
                  "P", "PT", "P1", "P1D2H", "P1Y1W", "P2D1Y", "PT1D", "P1YT", "P1Y1D", "PT1H1S",
                  "P1.5D")),
          Map.entry(
              "email",
              List.of(
                  "a",
                  "@b",
                  "a@",
                  ".a@b",
                  "a.@b",
                  "a..b@c",
                  "a b@c",
                  "a@-b",
                  "a@b_c",
                  "a@[1.2.3.256]",
                  "a@b@c",
                  "\"a\"b\"@c",
                  "b".repeat(65) + "@c",
                  "\u00e9@b")),
          Map.entry("idn-email", List.of("a", "a@\u3002", "a b@c")),
          Map.entry(
              "hostname",
              List.of(
                  "", ".", "a.", "-a", "a-", "a..b", "a_b", LABEL_OF_63 + "a", "\u212A", "xn--X")),
          Map.entry(
              "ipv4",
              List.of("256.0.0.0", "1.2.3", "1.2.3.4.5", "01.2.3.4", "1.2.3.4/8", "\u0967.2.3.4")),
          Map.entry(
              "ipv6",
              List.of(
                  "",
                  ":",
                  ":::",
                  "1::2::3",
                  "1:2:3:4:5:6:7",
                  "1:2:3:4:5:6:7:8:9",
                  "1:2:3:4:5:6:7::8",
                  "::1:2:3:4:5:6:7:8",
                  "12345::",
                  "::g",
                  "::1%eth0",
                  "1:2:3:4:5:6:7:1.2.3.4",
                  "::1.2.3",
                  "1.2.3.4::")),
          Map.entry(
              "uri",
              List.of(
                  "",
                  "//a/b",
                  "/a",
                  ":a",
                  "1a:b",
                  "http://a b",
                  "http://a/%4",
                  "http://[::1",
                  "http://a:b:80/",
                  "http://\u00e9",
                  "a:b#c#d",
                  "a:\\")),
          Map.entry("uri-reference", List.of("a:b:c d", "1:b", "%", "#a#b", "\\\\h", "\u00e9")),
          Map.entry("iri", List.of("\u00e9", "http://a/\uE000", "a: ")),
          Map.entry("iri-reference", List.of("\\", "a b", "\uE000")),
          Map.entry(
              "uri-template", List.of("{", "{}", "}", "{a:0}", "{a..b}", "{a,}", "a b", "%1")),
          Map.entry(
              "uuid",
              List.of(
                  "2EB8AA08AA9811EAB4AA73B441D16380",
                  "2EB8AA08-AA98-11EA-b4aa-73B441D1638",
                  "2EB8AA08-AA98-11EA-b4aa-73B441D1638g")),
          Map.entry("json-pointer", List.of("a", "/~", "/~2", "#/a")),
          Map.entry("relative-json-pointer", List.of("", "01", "-1", "0##", "1a", "0/~")));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "time",
        "date-time",
        "duration",
        "email",
        "idn-email",
        "hostname",
        "ipv4",
        "ipv6",
        "uri",
        "uri-reference",
        "iri",
        "iri-reference",
        "uri-template",
        "uuid",
        "json-pointer",
        "relative-json-pointer"
      })
  void acceptsWhatTheRfcsAllow(String format) {
    Automaton automaton = language(format);
    assertThat(automaton.isDeterministic()).isTrue();
    assertThat(requireNonNull(VALID.get(format))).allMatch(text -> accepts(automaton, text));
    assertThat(requireNonNull(INVALID.get(format))).noneMatch(text -> accepts(automaton, text));
  }

  @Test
  void datesAreThoseOfTheCalendar() {
    Automaton dates = language("date");
    for (int year : new int[] {0, 4, 99, 100, 400, 1900, 2000, 2023, 2024, 2100, 9996, 9999}) {
      for (int month = 0; month <= 13; month++) {
        for (int day = 0; day <= 32; day++) {
          String text = String.format(Locale.ROOT, "%04d-%02d-%02d", year, month, day);
          assertThat(accepts(dates, text)).as(text).isEqualTo(isDate(text));
        }
      }
    }
    assertThat(List.of("20240-01-01", "2024-1-01", "-2024-01-01", "2024-01-01Z", ""))
        .noneMatch(text -> accepts(dates, text));
  }

  private static boolean isDate(String text) {
    try {
      return LocalDate.parse(text).toString().equals(text);
    } catch (DateTimeException e) {
      return false;
    }
  }

  @Test
  void leapSecondsAreTheLastOfADayInUtc() {
    Automaton times = language("time");
    for (int minutes = 0; minutes < 24 * 60; minutes++) {
      for (String offset : List.of("Z", "+00:00", "-08:00", "+05:30", "-17:30", "+16:00")) {
        String clock = String.format(Locale.ROOT, "%02d:%02d:", minutes / 60, minutes % 60);
        OffsetTime before = OffsetTime.parse(clock + "59" + offset);
        int inUtc =
            Math.floorMod(
                before.toLocalTime().toSecondOfDay() - before.getOffset().getTotalSeconds(),
                24 * 3600);
        assertThat(accepts(times, clock + "60" + offset))
            .as(clock + "60" + offset)
            .isEqualTo(inUtc == 24 * 3600 - 1);
      }
    }
  }

  @Test
  void lengthsThatAreNotInTheAutomatonHaveAMaximum() {
    assertThat(StringFormats.maxLength("hostname")).isEqualTo(253);
    assertThat(StringFormats.maxLength("email")).isEqualTo(254);
    assertThat(StringFormats.maxLength("uri")).isEqualTo(Integer.MAX_VALUE);
  }

  @Test
  void formatsThatAreNotRegularOrNotKnownAreNull() {
    assertThat(List.of("idn-hostname", "regex", "int32", ""))
        .allMatch(f -> StringFormats.find(f) == null);
  }

  @Test
  void aLanguageIsBuiltOnce() {
    assertThat(StringFormats.find("ipv4")).isSameAs(StringFormats.find("ipv4"));
  }

  private static Automaton language(String format) {
    return requireNonNull(StringFormats.find(format));
  }

  private static boolean accepts(Automaton automaton, String text) {
    return Operations.run(automaton, text);
  }
}
