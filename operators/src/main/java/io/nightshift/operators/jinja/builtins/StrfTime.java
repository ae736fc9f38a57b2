package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.EvaluationException;
import io.nightshift.operators.jinja.runtime.RenderContext;
import io.nightshift.operators.jinja.runtime.TextBuilder;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.Locale;

/** Python's {@code strftime}. */
final class StrfTime {
  private StrfTime() {}

  /** Formats with C's conversions, in the C locale. */
  static Object format(RenderContext context, Temporal time, String format) {
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
