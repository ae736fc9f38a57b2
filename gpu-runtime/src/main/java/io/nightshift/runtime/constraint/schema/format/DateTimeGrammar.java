package io.nightshift.runtime.constraint.schema.format;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** RFC 3339: dates and times (section 5.6) and durations (appendix A), as regular expressions. */
final class DateTimeGrammar {
  private static final String MONTH_AND_DAY =
      "(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])"
          + "|(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)"
          + "|02-(?:0[1-9]|1\\d|2[0-8]))";
  private static final String LEAP_YEAR =
      "(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";

  static final String DATE = "(?:\\d{4}-" + MONTH_AND_DAY + "|" + LEAP_YEAR + "-02-29)";

  private static final String HOUR = "(?:[01]\\d|2[0-3])";
  private static final String MINUTE = "[0-5]\\d";
  private static final String FRACTION = "(?:\\.\\d+)?";
  private static final String OFFSET = "(?:[Zz]|[+-]" + HOUR + ":" + MINUTE + ")";

  /**
   * A leap second is the last one of a day in UTC: {@code 23:59:60Z}, or the same time in a zone
   * that is whole or half hours away. (Zones of other minutes would take thousands of states.)
   */
  private static final String LEAP_SECOND = leapSecond();

  static final String TIME =
      "(?:" + HOUR + ":" + MINUTE + ":" + MINUTE + FRACTION + OFFSET + "|" + LEAP_SECOND + ")";

  static final String DATE_TIME = DATE + "[Tt]" + TIME;

  private static final String DURATION_TIME =
      "T(?:\\d+H(?:\\d+M(?:\\d+S)?)?|\\d+M(?:\\d+S)?|\\d+S)";
  private static final String DURATION_DATE = "(?:\\d+Y(?:\\d+M(?:\\d+D)?)?|\\d+M(?:\\d+D)?|\\d+D)";

  static final String DURATION =
      "P(?:" + DURATION_DATE + "(?:" + DURATION_TIME + ")?|" + DURATION_TIME + "|\\d+W)";

  private DateTimeGrammar() {}

  private static String leapSecond() {
    int day = 24 * 60;
    String zones =
        IntStream.iterate(0, offset -> offset < day, offset -> offset + 30)
            .mapToObj(
                offset ->
                    leapSecond(day - 1 + offset, "\\+" + clock(offset))
                        + "|"
                        + leapSecond(2 * day - 1 - offset, "-" + clock(offset)))
            .collect(Collectors.joining("|"));
    return leapSecond(day - 1, "[Zz]") + "|" + zones;
  }

  private static String leapSecond(int minuteOfDay, String offset) {
    return clock(minuteOfDay) + ":60" + FRACTION + offset;
  }

  private static String clock(int minute) {
    return twoDigits(minute / 60 % 24) + ":" + twoDigits(minute % 60);
  }

  private static String twoDigits(int number) {
    return (number < 10 ? "0" : "") + number;
  }
}
