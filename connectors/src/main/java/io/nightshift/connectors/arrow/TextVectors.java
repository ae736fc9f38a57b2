package io.nightshift.connectors.arrow;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.arrow.vector.VarCharVector;
import org.jspecify.annotations.Nullable;

/** Texts in and out of vectors of UTF-8. */
public final class TextVectors {
  private TextVectors() {}

  /** Sets a value, which may be null. */
  public static void set(VarCharVector vector, int index, @Nullable String value) {
    if (value == null) {
      vector.setNull(index);
    } else {
      vector.setSafe(index, value.getBytes(UTF_8));
    }
  }
}
