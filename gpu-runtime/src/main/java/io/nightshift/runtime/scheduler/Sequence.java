package io.nightshift.runtime.scheduler;

import io.nightshift.runtime.kvcache.BlockTable;
import io.nightshift.runtime.runner.StepInputs;
import io.nightshift.runtime.runner.StepSequence;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A prompt followed by output tokens, and the state of its computation. */
public final class Sequence {

  private static final TokenTree NO_CONTINUATION = new TokenTree(new int[0], new int[0], 1);

  private int[] tokens;
  private int length;
  private final int promptLength;
  private final int maxLength;
  private final int inputs;
  private final boolean longContext;
  private @Nullable TokenTree tree;

  /** Number of tokens at the end that only the device knows. */
  private int unknown;

  /** Index in planned order; set by the scheduler. */
  long planIndex = -1;

  /** Null while the sequence is waiting. */
  @Nullable BlockTable blocks;

  /** Number of tokens whose keys and values are in the cache, or will be after the current step. */
  int computedTokens;

  /** Number of tokens that had been computed before the last preemption. */
  int computedBeforePreemption;

  /** Whether prompt tokens have ever been found in the cache. */
  boolean reusesPrefix;

  /** Whether the sequence neither reads nor fills the prefix cache. */
  boolean uncached;

  /** Whether this is the second attempt; see {@link Scheduler#retry}. */
  boolean retried;

  /** Whether the waiting sequence is announced to a cache with host memory. */
  boolean announced;

  private int cachedTokens;

  private Sequence(
      int[] promptTokens,
      int maxLength,
      int inputs,
      @Nullable TokenTree tree,
      boolean longContext) {
    this.tokens = promptTokens;
    this.length = promptTokens.length;
    this.promptLength = promptTokens.length;
    this.maxLength = maxLength;
    this.inputs = inputs;
    this.tree = tree;
    this.longContext = longContext;
  }

  /** A sequence that generates tokens, up to a total of {@code maxLength} tokens. */
  public static Sequence generating(int[] promptTokens, int maxLength) {
    return generating(promptTokens, maxLength, 0, false);
  }

  /**
   * A sequence that generates tokens, with step inputs besides its tokens and its block table.
   *
   * @param inputs number of inputs, as counted by {@link StepInputs}
   * @param longContext see {@link StepSequence#longContext}
   */
  public static Sequence generating(
      int[] promptTokens, int maxLength, int inputs, boolean longContext) {
    return new Sequence(promptTokens, maxLength, inputs, null, longContext);
  }

  /** A sequence of which only the logits of {@code tree} are needed. */
  public static Sequence scoring(int[] promptTokens, TokenTree tree) {
    return scoring(promptTokens, tree, false);
  }

  /**
   * A sequence of which only the logits of {@code tree} are needed.
   *
   * @param longContext see {@link StepSequence#longContext}
   */
  public static Sequence scoring(int[] promptTokens, TokenTree tree, boolean longContext) {
    return new Sequence(promptTokens, Integer.MAX_VALUE, 0, tree, longContext);
  }

  /**
   * A sequence that ends with its prompt, of which hidden states are read.
   *
   * @param wholePrompt whether those of all tokens are, so that none may be taken from the prefix
   *     cache
   * @param longContext see {@link StepSequence#longContext}
   */
  public static Sequence pooling(int[] promptTokens, boolean wholePrompt, boolean longContext) {
    Sequence sequence =
        new Sequence(promptTokens, Integer.MAX_VALUE, 0, NO_CONTINUATION, longContext);
    sequence.uncached = wholePrompt;
    return sequence;
  }

  /**
   * Prompt and output tokens in the first {@link #length()} elements; must not be modified. The
   * last ones may be placeholders for tokens that only the device knows ({@link #appendUnknown}).
   */
  public int[] tokens() {
    return tokens;
  }

  /** Number of tokens, including those that only the device knows. */
  public int length() {
    return length;
  }

  public int promptLength() {
    return promptLength;
  }

  /** Maximum number of tokens. */
  public int maxLength() {
    return maxLength;
  }

  /** Whether the sequence has the rotary factors of long sequences. */
  boolean longContext() {
    return longContext;
  }

  /** Maximum number of remaining output tokens. */
  int remainingOutput() {
    return tree == null ? maxLength - length : 0;
  }

  /** Number of output tokens that the host knows. */
  public int outputLength() {
    return length - unknown - promptLength;
  }

  /**
   * First position whose token may be computed from now on, unless the sequence is preempted:
   * {@link #scoreTree} and {@link #scoreNext} compute the last token that the host knows again.
   */
  int firstQuery() {
    return Math.min(computedTokens, knownLength() - 1);
  }

  /** Number of tokens that the host knows. */
  public int knownLength() {
    return length - unknown;
  }

  /** The output tokens that the host knows. */
  public int[] outputTokens() {
    return Arrays.copyOfRange(tokens, promptLength, length - unknown);
  }

  /** Number of prompt tokens that were found in the cache, and never computed for this sequence. */
  public int cachedTokens() {
    return cachedTokens;
  }

  /** Whether the sequence was computed with a cached prefix at least once. */
  public boolean reusesPrefix() {
    return reusesPrefix;
  }

  /**
   * Whether the sequence is computed again, without the prefix cache; see {@link Scheduler#retry}.
   */
  public boolean isRetried() {
    return retried;
  }

  /**
   * On admission, counts the cached prompt tokens that were not computed before, and returns their
   * number.
   */
  int countCachedTokens() {
    int found = Math.max(0, Math.min(computedTokens, promptLength) - computedBeforePreemption);
    cachedTokens += found;
    return found;
  }

  /**
   * Appends a placeholder for the output token that the step in flight samples, so that the next
   * step can compute it.
   *
   * @param request index of the logits request of that step
   */
  public void appendUnknown(int request) {
    add(StepSequence.sampledBefore(request));
    unknown++;
  }

  /**
   * Sets the first unknown output token, or appends a token if none is unknown. Several may be
   * appended at once, which the next steps compute like a prompt.
   */
  public void append(int token) {
    if (unknown > 0) {
      tokens[length - unknown--] = token;
    } else {
      add(token);
    }
  }

  private void add(int token) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, length + Math.max(16, (length - promptLength) / 2));
    }
    tokens[length++] = token;
  }

  /**
   * Requests the logits of a tree after the last token that the host knows, and drops tokens that
   * only the device knows.
   */
  public void scoreTree(TokenTree next) {
    length -= unknown;
    unknown = 0;
    tree = next;
    computedTokens = Math.min(computedTokens, length - 1);
  }

  /** Generates tokens after a tree was scored. */
  public void generateOn() {
    tree = null;
  }

  /**
   * Requests the logits of another tree. The last token of the prompt is computed again with it.
   */
  public void scoreNext(TokenTree next) {
    tree = next;
    computedTokens = length - 1;
    computedBeforePreemption = length;
  }

  /**
   * Whether there are tokens to compute, if all scheduled steps count as completed. If not, the
   * sequence waits for the result of the step in flight.
   */
  boolean hasWork() {
    return computedTokens < length && length < maxLength;
  }

  @Nullable TokenTree tree() {
    return tree;
  }

  int treeSize() {
    return tree == null ? 0 : tree.size();
  }

  /** Number of step inputs besides tokens and block table. */
  long inputs() {
    return inputs + StepInputs.ofTree(treeSize());
  }

  /** Number of logits rows of the last chunk of the sequence. */
  int logitsRows() {
    return tree == null ? 1 : tree.logitsRows();
  }
}
