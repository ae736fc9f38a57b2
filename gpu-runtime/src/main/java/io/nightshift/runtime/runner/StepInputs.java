package io.nightshift.runtime.runner;

/**
 * Size of what the device reads for the sequences of a step besides their tokens, in ints. A runner
 * with a buffer of fixed size returns it in {@link ModelRunner#maxStepInputs}.
 *
 * <p>A sequence has one int for each block of its context in each {@link BlockGroup}, and what the
 * methods here return.
 */
public final class StepInputs {
  private StepInputs() {}

  /**
   * Size of the attention mask of a token tree: for each node, a bit set of the nodes that it
   * attends to.
   */
  public static long ofTree(int nodes) {
    return (long) nodes * words(nodes);
  }

  /** Size of the bit set of the tokens in prompt and output, which a repetition penalty needs. */
  public static int ofSeenTokens(int vocabularySize) {
    return ofTokenSet(vocabularySize);
  }

  /** Size of a bit set of tokens. */
  public static int ofTokenSet(int vocabularySize) {
    return words(vocabularySize);
  }

  /** Maximum number of nodes of a tree whose attention mask takes at most {@code ints}. */
  public static int largestTree(long ints) {
    // nodes * (nodes / 32 + 1) <= ints
    double nodes = Math.sqrt(32.0 * ints + 256) - 16;
    return (int) Math.min(Integer.MAX_VALUE, nodes);
  }

  private static int words(int bits) {
    return (int) (((long) bits + Integer.SIZE - 1) / Integer.SIZE);
  }
}
