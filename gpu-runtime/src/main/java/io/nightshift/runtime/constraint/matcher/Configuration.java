package io.nightshift.runtime.constraint.matcher;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may follow a text so far: its threads. Immutable apart from the transitions found so far;
 * equal configurations are mostly the same object.
 */
public final class Configuration {
  static final int BYTES = 256;

  private final List<Frame> threads;
  private final int length;
  private final boolean unresolved;
  private final @Nullable Enumeration enumeration;
  // Filled without a lock: two threads may compute the same transition, with the same result.
  private Configuration @Nullable [] transitions;

  Configuration(List<Frame> threads) {
    this.threads = threads;
    int shortest = Frame.NEVER;
    boolean anyUnresolved = false;
    for (Frame thread : threads) {
      shortest = Math.min(shortest, thread.length());
      anyUnresolved |= thread.isUnresolved();
    }
    length = shortest;
    unresolved = anyUnresolved;
    enumeration = threads.size() == 1 ? threads.get(0).enumeration() : null;
  }

  /** Whether no text has this beginning. */
  public boolean isDead() {
    return threads.isEmpty();
  }

  /** Whether the text may end here. */
  public boolean mayEnd() {
    return length == 0;
  }

  /**
   * Number of bytes of a text that completes this one. If this is open, it is an upper bound for
   * the configuration after {@link ByteAutomaton#resolve}.
   */
  public int completionBytes() {
    return length;
  }

  /** The values that may begin here, if a schema enumerates them; null if it does not. */
  public @Nullable Enumeration enumeration() {
    return enumeration;
  }

  /** Whether {@link ByteAutomaton#resolve} is needed before other names or items may end. */
  public boolean isUnresolved() {
    return unresolved;
  }

  /**
   * Whether a name or item has begun before the one before it is known, so that the text can only
   * be completed after {@link ByteAutomaton#resolve}.
   */
  public boolean isOpen() {
    for (Frame thread : threads) {
      if (thread.isOpen()) {
        return true;
      }
    }
    return false;
  }

  List<Frame> threads() {
    return threads;
  }

  @Nullable Configuration known(int value) {
    Configuration[] known = transitions;
    return known == null ? null : known[value];
  }

  void remember(int value, Configuration next) {
    Configuration[] known = transitions;
    if (known == null) {
      known = new Configuration[BYTES];
      transitions = known;
    }
    known[value] = next;
  }
}
