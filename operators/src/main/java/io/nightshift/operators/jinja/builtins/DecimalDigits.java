package io.nightshift.operators.jinja.builtins;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** The digits of numbers under the format types e, f, g and %. */
final class DecimalDigits {
  private DecimalDigits() {}

  /** The digits of a number that is not negative under the types e, f and g. */
  static String format(BigDecimal value, char type, int precision) {
    int digits = precision < 0 ? 6 : precision;
    char kind = Character.toLowerCase(type);
    if (kind == 'f' || kind == '%') {
      BigDecimal scaled = kind == '%' ? value.scaleByPowerOfTen(2) : value;
      String text = scaled.setScale(digits, RoundingMode.HALF_EVEN).toPlainString();
      return kind == '%' ? text + "%" : text;
    }
    if (kind == 'e') {
      return scientific(value, digits);
    }
    int significant = Math.max(1, digits);
    BigDecimal rounded = value.round(new MathContext(significant, RoundingMode.HALF_EVEN));
    int exponent = value.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    if (exponent < -4 || exponent >= significant) {
      return scientific(value, significant - 1).replaceFirst("\\.?0*e", "e");
    }
    BigDecimal plain = value.signum() == 0 ? BigDecimal.ZERO : rounded.stripTrailingZeros();
    return plain.toPlainString();
  }

  private static String scientific(BigDecimal value, int digits) {
    BigDecimal rounded = value.round(new MathContext(digits + 1, RoundingMode.HALF_EVEN));
    int exponent = value.signum() == 0 ? 0 : rounded.precision() - rounded.scale() - 1;
    String all = value.signum() == 0 ? "0" : rounded.unscaledValue().toString();
    String padded =
        all.length() > digits
            ? all.substring(0, digits + 1)
            : all + "0".repeat(digits + 1 - all.length());
    String fraction = digits > 0 ? "." + padded.substring(1) : "";
    return padded.charAt(0) + fraction + String.format(Locale.ROOT, "e%+03d", exponent);
  }
}
