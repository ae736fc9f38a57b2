package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.BoundMethod;
import io.nightshift.operators.jinja.runtime.DateTimeText;
import java.time.temporal.ChronoField;
import java.time.temporal.Temporal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The attributes and methods of dates and times. */
final class DateTimeAttributes {
  private static final Map<String, ChronoField> FIELDS =
      Map.of(
          "year", ChronoField.YEAR,
          "month", ChronoField.MONTH_OF_YEAR,
          "day", ChronoField.DAY_OF_MONTH,
          "hour", ChronoField.HOUR_OF_DAY,
          "minute", ChronoField.MINUTE_OF_HOUR,
          "second", ChronoField.SECOND_OF_MINUTE,
          "microsecond", ChronoField.MICRO_OF_SECOND);

  private DateTimeAttributes() {}

  /** The attribute of a date or time, or null. */
  static @Nullable Object find(Temporal time, String name) {
    Temporal zoned = DateTimeText.zoned(time);
    ChronoField field = FIELDS.get(name);
    if (field != null) {
      return zoned.isSupported(field) ? (Object) zoned.getLong(field) : null;
    }
    return switch (name) {
      case "isoformat" ->
          new BoundMethod(name, time, (c, self, arguments) -> DateTimeText.isoFormat(time, 'T'));
      case "strftime" ->
          new BoundMethod(
              name,
              time,
              (c, self, arguments) ->
                  StrfTime.format(c, zoned, arguments.bind("strftime", 1, "format").text(0)));
      case "weekday" ->
          zoned.isSupported(ChronoField.DAY_OF_WEEK)
              ? new BoundMethod(
                  name, time, (c, self, arguments) -> zoned.getLong(ChronoField.DAY_OF_WEEK) - 1)
              : null;
      default -> null;
    };
  }
}
