package io.nightshift.runtime.constraint.matcher;

/** The texts of one form of a value. */
interface Machine {

  /** Adds what follows after the first byte of a value in a parent. */
  void start(int value, Frame parent, Threads out);

  /** Number of bytes of a short text of this form; {@link Frame#NEVER} if none is known yet. */
  int shortest();

  /**
   * Computes {@link #shortest} again from that of the values in this one. Returns whether it has
   * changed.
   */
  boolean shorten();
}
