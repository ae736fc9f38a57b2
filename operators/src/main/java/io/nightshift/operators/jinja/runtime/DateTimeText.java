package io.nightshift.operators.jinja.runtime;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.Locale;

/** Python's text of dates and times. */
public final class DateTimeText {
  private DateTimeText() {}

  /** Python's {@code str}: a space between date and time, microseconds if there are any. */
  static String text(Temporal time) {
    return isoFormat(time, ' ');
  }

  /** Python's {@code isoformat}. */
  public static String isoFormat(Temporal time, char separator) {
    if (time instanceof LocalDate
        || !(time.isSupported(ChronoField.SECOND_OF_MINUTE) || time instanceof Instant)) {
      return time.toString();
    }
    String form = time instanceof LocalTime ? "" : "uuuu-MM-dd'" + separator + "'";
    boolean fraction = time.get(ChronoField.MICRO_OF_SECOND) != 0;
    Temporal zoned = zoned(time);
    String offset = zoned.isSupported(ChronoField.OFFSET_SECONDS) ? "xxx" : "";
    return DateTimeFormatter.ofPattern(
            form + "HH:mm:ss" + (fraction ? ".SSSSSS" : "") + offset, Locale.ROOT)
        .format(zoned);
  }

  /** The same time with an offset if it is an instant, which Python writes as UTC. */
  public static Temporal zoned(Temporal time) {
    return time instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : time;
  }
}
