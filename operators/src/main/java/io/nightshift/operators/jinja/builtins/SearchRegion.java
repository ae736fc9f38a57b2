package io.nightshift.operators.jinja.builtins;

import io.nightshift.operators.jinja.runtime.Arguments;
import io.nightshift.operators.jinja.runtime.PythonText;

/**
 * The part of a text that {@code find}, {@code count} and {@code startswith} look at.
 *
 * @param start its start in the whole text, in code points
 * @param exists false if it would start after its end, so that not even an empty text is found
 */
record SearchRegion(String text, long start, boolean exists) {

  /** The region from the second to the third argument of a method. */
  static SearchRegion of(String text, Arguments.Bound bound) {
    int length = PythonText.length(text);
    long from = fromStart(bound.position(1, 0), length);
    long to = Math.min(length, fromStart(bound.position(2, length), length));
    if (from > to) {
      return new SearchRegion("", from, false);
    }
    int begin = text.offsetByCodePoints(0, (int) from);
    int end = text.offsetByCodePoints(begin, (int) (to - from));
    return new SearchRegion(text.substring(begin, end), from, true);
  }

  private static long fromStart(long position, int length) {
    return position < 0 ? Math.max(0, position + length) : position;
  }
}
