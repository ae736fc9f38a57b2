package io.nightshift.runtime.constraint.matcher;

import org.jspecify.annotations.Nullable;

/**
 * An open value: where the text stands in it, and the frame of what it is in, already advanced to
 * the end of the value. Immutable; two frames are equal if they have the same place and the same
 * (identical) parent.
 */
abstract class Frame {
  /** More bytes than any text: from here, no text can be completed. */
  static final int NEVER = 1 << 29;

  private final int length;
  private final boolean unresolved;

  /**
   * @param length number of bytes of a text that completes the answer from here. Not always the
   *     smallest number, but one of the next bytes leads to a frame with a smaller one
   * @param unresolved whether this frame or one below it does not yet know the last name of its
   *     object, or the last item of its array
   */
  Frame(int length, boolean unresolved) {
    this.length = Math.min(length, NEVER);
    this.unresolved = unresolved;
  }

  /** Number of bytes of a text that completes the answer from here; 0 if it may end here. */
  final int length() {
    return length;
  }

  final boolean isUnresolved() {
    return unresolved;
  }

  /** Adds what follows after a byte. */
  abstract void step(int value, Threads out);

  /**
   * This frame with the texts that were read since the last call.
   *
   * @param texts see {@link ByteAutomaton#resolve}
   */
  abstract Frame resolve(LastTexts texts, Frames frames);

  /** The values that may begin here, if there are few; null if there are many, or none begins. */
  @Nullable Enumeration enumeration() {
    return null;
  }

  /** Whether the text can only be completed after {@link #resolve}. */
  boolean isOpen() {
    return false;
  }

  /**
   * The place in a JSON string that all characters may follow, if this is one between two
   * characters; null if it is not.
   */
  @Nullable FreePlace freePlace() {
    return null;
  }

  /**
   * The frame after characters that lead to where all characters may follow, if the string has such
   * a place, its length does not matter, and this frame is between two characters; null otherwise.
   */
  @Nullable Frame freed() {
    return null;
  }

  /** What a {@link FreeString} is, as frames. */
  record FreePlace(Frame after, int fewest, int most) {}

  /** Number of objects and arrays that are open, this one included. */
  abstract int depth();
}
