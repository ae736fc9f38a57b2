package io.nightshift.runtime.constraint.matcher;

/** The two smallest of some lengths. */
final class TwoShortest {
  private int first = Frame.NEVER;
  private int second = Frame.NEVER;

  void add(int length) {
    if (length < first) {
      second = first;
      first = length;
    } else if (length < second) {
      second = length;
    }
  }

  /** The second smallest; {@link Frame#NEVER} if there are fewer. */
  int second() {
    return second;
  }

  /** The smallest; {@link Frame#NEVER} if there is none. */
  int first() {
    return first;
  }
}
