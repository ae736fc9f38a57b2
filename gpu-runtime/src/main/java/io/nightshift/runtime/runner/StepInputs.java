package io.nightshift.runtime.runner;

/**
 * How much a step's sequences have for the device to read beside their tokens, in ints. A runner
 * that keeps a fixed room for it names that in {@link ModelRunner#maxStepInputs}.
 *
 * <p>A sequence has one int for each block of its context, and then what the methods here say.
 */
public final class StepInputs {
  private StepInputs() {}

  /** A bit set of nodes for each node of a token tree: those that it attends to. */
  public static long ofTree(int nodes) {
    return (long) nodes * words(nodes);
  }

  /** The bit set of the tokens in prompt and output, which a repetition penalty needs. */
  public static int ofSeenTokens(int vocabularySize) {
    return words(vocabularySize);
  }

  /** The most nodes that a tree may have to take no more than {@code ints}. */
  public static int largestTree(long ints) {
    // nodes * (nodes / 32 + 1) <= ints
    double nodes = Math.sqrt(32.0 * ints + 256) - 16;
    return (int) Math.min(Integer.MAX_VALUE, nodes);
  }

  private static int words(int bits) {
    return (int) (((long) bits + Integer.SIZE - 1) / Integer.SIZE);
  }
}
