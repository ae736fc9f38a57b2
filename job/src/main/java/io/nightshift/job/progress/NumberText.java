package io.nightshift.job.progress;

import java.math.BigDecimal;
import java.math.MathContext;
import java.time.Duration;
import java.util.Locale;

/** Numbers formatted for reports, the same in every locale. */
public final class NumberText {
  private NumberText() {}

  /** {@code 1,234,567}. */
  public static String count(long value) {
    return String.format(Locale.ROOT, "%,d", value);
  }

  /** {@code 1,234,567 rows}, {@code 1 row}. */
  public static String count(long value, String singular) {
    return count(value) + " " + singular + (value == 1 ? "" : "s");
  }

  /** Three digits: {@code 0.52}, {@code 16.2}, {@code 5,830}. */
  public static String rate(double value) {
    int decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
    return String.format(Locale.ROOT, "%,." + decimals + "f", value);
  }

  /** Three digits or all before the point: {@code 0.00521}, {@code 16.2}, {@code 5,830}. */
  public static String digits(double value) {
    if (value == 0 || !Double.isFinite(value)) {
      return value == 0 ? "0" : String.valueOf(value);
    }
    BigDecimal rounded = new BigDecimal(value).round(new MathContext(3));
    int exponent = rounded.precision() - rounded.scale() - 1;
    return String.format(Locale.ROOT, "%,." + Math.max(0, 2 - exponent) + "f", value);
  }

  /** {@code 83%}, rounded; of nothing, 0%. Never rounds up to 100% what is not the whole. */
  public static String share(long part, long whole) {
    long percent = whole == 0 ? 0 : Math.round(100.0 * part / whole);
    return (part < whole ? Math.min(percent, 99) : percent) + "%";
  }

  /** {@code 8s}, {@code 3m 52s}, {@code 2h 05m}, {@code 3d 04h}. */
  public static String duration(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 60) {
      return seconds + "s";
    }
    if (seconds < 3600) {
      return String.format(Locale.ROOT, "%dm %02ds", seconds / 60, seconds % 60);
    }
    if (seconds < 86_400) {
      return String.format(Locale.ROOT, "%dh %02dm", seconds / 3600, seconds / 60 % 60);
    }
    return String.format(Locale.ROOT, "%dd %02dh", seconds / 86_400, seconds / 3600 % 24);
  }
}
