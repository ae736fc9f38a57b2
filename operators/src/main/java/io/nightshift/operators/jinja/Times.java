package io.nightshift.operators.jinja;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Dates and times: Python's text of them and {@code strftime}. */
final class Times {
  private static final Map<String, ChronoField> FIELDS =
      Map.of(
          "year", ChronoField.YEAR,
          "month", ChronoField.MONTH_OF_YEAR,
          "day", ChronoField.DAY_OF_MONTH,
          "hour", ChronoField.HOUR_OF_DAY,
          "minute", ChronoField.MINUTE_OF_HOUR,
          "second", ChronoField.SECOND_OF_MINUTE,
          "microsecond", ChronoField.MICRO_OF_SECOND);

  private Times() {}

  /** Python's {@code str}: a blank between date and time, microseconds where there are some. */
  static String text(Temporal time) {
    return isoFormat(time, ' ');
  }

  private static String isoFormat(Temporal time, char separator) {
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

  private static Temporal zoned(Temporal time) {
    return time instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : time;
  }

  /** The attribute of a date or time, or null. */
  static @Nullable Object attribute(Temporal time, String name) {
    Temporal zoned = zoned(time);
    ChronoField field = FIELDS.get(name);
    if (field != null) {
      return zoned.isSupported(field) ? (Object) zoned.getLong(field) : null;
    }
    return switch (name) {
      case "isoformat" -> new Method(name, time, (c, self, arguments) -> isoFormat(time, 'T'));
      case "strftime" ->
          new Method(
              name,
              time,
              (c, self, arguments) ->
                  strftime(c, zoned, arguments.bind("strftime", 1, "format").text(0)));
      case "weekday" ->
          zoned.isSupported(ChronoField.DAY_OF_WEEK)
              ? new Method(
                  name, time, (c, self, arguments) -> zoned.getLong(ChronoField.DAY_OF_WEEK) - 1)
              : null;
      default -> null;
    };
  }

  /** Formats with C's conversions, in the C locale. */
  static Object strftime(RenderContext context, Temporal time, String format) {
    TextBuilder out = new TextBuilder(context);
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i++);
      if (c != '%' || i == format.length()) {
        out.append(c);
        continue;
      }
      char kind = format.charAt(i++);
      boolean unpadded = kind == '-' && i < format.length();
      if (unpadded) {
        kind = format.charAt(i++);
      }
      context.step();
      String text = convert(time, kind);
      out.append(unpadded ? text.replaceFirst("^[0 ]+(?=.)", "") : text);
    }
    return out.build();
  }

  private static String convert(Temporal time, char kind) {
    String pattern =
        switch (kind) {
          case 'Y' -> "uuuu";
          case 'y' -> "uu";
          case 'm' -> "MM";
          case 'd' -> "dd";
          case 'e' -> "ppd";
          case 'b', 'h' -> "LLL";
          case 'B' -> "LLLL";
          case 'a' -> "EEE";
          case 'A' -> "EEEE";
          case 'H' -> "HH";
          case 'I' -> "hh";
          case 'M' -> "mm";
          case 'S' -> "ss";
          case 'f' -> "SSSSSS";
          case 'p' -> "a";
          case 'j' -> "DDD";
          case 'F' -> "uuuu-MM-dd";
          case 'T', 'X' -> "HH:mm:ss";
          case 'R' -> "HH:mm";
          case 'D', 'x' -> "MM/dd/uu";
          case 'c' -> "EEE LLL ppd HH:mm:ss uuuu";
          case 'u' -> "e";
          case 'z' -> "xx";
          case 'Z' -> "zzz";
          default -> "";
        };
    if (kind == '%') {
      return "%";
    }
    if (pattern.isEmpty()) {
      throw EvaluationException.value("strftime does not know %" + kind);
    }
    boolean zone = kind == 'z' || kind == 'Z';
    if (zone && !time.isSupported(ChronoField.OFFSET_SECONDS)) {
      return "";
    }
    try {
      return DateTimeFormatter.ofPattern(pattern, kind == 'u' ? Locale.GERMANY : Locale.US)
          .format(kind == 'Z' ? named(time) : time);
    } catch (DateTimeException e) {
      throw EvaluationException.value(
          "strftime: a " + time.getClass().getSimpleName() + " has no %" + kind);
    }
  }

  private static Temporal named(Temporal time) {
    return time instanceof OffsetDateTime offset ? offset.toZonedDateTime() : time;
  }
}
