package io.nightshift.runtime.scheduler;

import io.nightshift.runtime.kvcache.BlockTable;
import io.nightshift.runtime.runner.StepInputs;
import io.nightshift.runtime.runner.StepSequence;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A prompt, the output tokens behind it, and how far the model has computed them. */
public final class Sequence {

  private int[] tokens;
  private int length;
  private final int promptLength;
  private final int maxLength;
  private final int inputs;
  private @Nullable TokenTree tree;

  /** Tokens at the end that only the device knows. */
  private int unknown;

  /** Place in planned order; set by the scheduler. */
  long planIndex = -1;

  /** Null while the sequence waits. */
  @Nullable BlockTable blocks;

  /** Tokens whose keys and values are in the cache, or will be after the step at hand. */
  int computedTokens;

  /** Tokens that had been computed before the last pre-emption. */
  int computedBeforePreemption;

  /** Whether prompt tokens were ever found in the cache. */
  boolean reusesPrefix;

  /** Whether the sequence neither looks for its prefix in the cache nor leaves it there. */
  boolean uncached;

  private int cachedTokens;

  private Sequence(int[] promptTokens, int maxLength, int inputs, @Nullable TokenTree tree) {
    this.tokens = promptTokens;
    this.length = promptTokens.length;
    this.promptLength = promptTokens.length;
    this.maxLength = maxLength;
    this.inputs = inputs;
    this.tree = tree;
  }

  /** A sequence whose next token is wanted, until it has {@code maxLength} tokens at most. */
  public static Sequence generating(int[] promptTokens, int maxLength) {
    return generating(promptTokens, maxLength, 0);
  }

  /**
   * The same with inputs of a step beside tokens and block table.
   *
   * @param inputs how many, as {@link StepInputs} counts them
   */
  public static Sequence generating(int[] promptTokens, int maxLength, int inputs) {
    return new Sequence(promptTokens, maxLength, inputs, null);
  }

  /** A sequence of which only the logits of {@code tree} are wanted. */
  public static Sequence scoring(int[] promptTokens, TokenTree tree) {
    return new Sequence(promptTokens, Integer.MAX_VALUE, 0, tree);
  }

  /**
   * Prompt and output tokens in the first {@link #length()} places; not to be changed. At the end
   * may be tokens that only the device knows ({@link #appendUnknown}).
   */
  public int[] tokens() {
    return tokens;
  }

  /** Number of tokens, those that only the device knows included. */
  public int length() {
    return length;
  }

  public int promptLength() {
    return promptLength;
  }

  /** Most tokens that the sequence may have. */
  public int maxLength() {
    return maxLength;
  }

  /** Output tokens that may still come. */
  int remainingOutput() {
    return tree == null ? maxLength - length : 0;
  }

  /** Number of output tokens that the host knows. */
  public int outputLength() {
    return length - unknown - promptLength;
  }

  /** The output tokens that the host knows. */
  public int[] outputTokens() {
    return Arrays.copyOfRange(tokens, promptLength, length - unknown);
  }

  /** Prompt tokens that were found in the cache and so were never computed for this sequence. */
  public int cachedTokens() {
    return cachedTokens;
  }

  /** Whether the sequence was computed, at least once, behind a prefix that was in the cache. */
  public boolean reusesPrefix() {
    return reusesPrefix;
  }

  /** Whether the sequence is computed without the prefix cache; see {@link Scheduler#retry}. */
  public boolean isUncached() {
    return uncached;
  }

  /** At an admission, counts the prompt tokens that are new to this sequence, and returns them. */
  int countCachedTokens() {
    int found = Math.max(0, Math.min(computedTokens, promptLength) - computedBeforePreemption);
    cachedTokens += found;
    return found;
  }

  /**
   * Adds the output token that the step in flight samples, so that the next step can compute it.
   *
   * @param request index of the step's logits request
   */
  public void appendUnknown(int request) {
    add(StepSequence.sampledBefore(request));
    unknown++;
  }

  /**
   * Takes the next output token: puts it in the place of the first unknown one, or adds it where
   * there is none.
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

  /** Asks for the logits of one more tree: the prompt's last token is computed again with it. */
  public void scoreNext(TokenTree next) {
    tree = next;
    computedTokens = length - 1;
    computedBeforePreemption = length;
  }

  /**
   * Whether there is something to compute, now that all scheduled steps are counted as done. If
   * not, the sequence waits for what a step in flight makes of it.
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

  /** Inputs of a step beside tokens and block table. */
  long inputs() {
    return inputs + StepInputs.ofTree(treeSize());
  }

  /** Rows of logits that the sequence's last chunk asks for. */
  int logitsRows() {
    return tree == null ? 1 : tree.logitsRows();
  }
}
