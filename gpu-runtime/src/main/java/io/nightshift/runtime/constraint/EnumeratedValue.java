package io.nightshift.runtime.constraint;

import io.nightshift.runtime.constraint.TokenMatcher.EnumeratedField;
import io.nightshift.runtime.constraint.matcher.Enumeration;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/** An enumerated value that has begun, and how much of it is written. */
final class EnumeratedValue {
  private final String pointer;
  private final List<String> texts;
  private final int undecided;
  private int written;

  EnumeratedValue(String pointer, Enumeration enumeration) {
    this.pointer = pointer;
    this.texts = enumeration.texts();
    this.undecided = commonPrefix(texts);
  }

  /**
   * Number of bytes after which any of the values is still possible, and none is complete alone.
   */
  private static int commonPrefix(List<String> texts) {
    byte[] first = texts.get(0).getBytes(StandardCharsets.UTF_8);
    int common = texts.size() == 1 ? first.length - 1 : first.length;
    for (String text : texts.subList(1, texts.size())) {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      int mismatch = Arrays.mismatch(first, bytes);
      common = Math.min(common, mismatch < 0 ? first.length : mismatch);
    }
    return common;
  }

  /** Adds a byte of the answer. Returns whether all values are still possible. */
  boolean append() {
    written++;
    return written <= undecided;
  }

  EnumeratedField field() {
    return new EnumeratedField(pointer, texts, written);
  }
}
