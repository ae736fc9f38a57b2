package io.nightshift.runtime.scheduler;

import io.nightshift.runtime.kvcache.BlockTable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A prompt, the output tokens behind it, and how far the model has computed them. */
public final class Sequence {

  private int[] tokens;
  private int length;
  private final int promptLength;
  private @Nullable TokenTree tree;

  /** Place in planned order; set by the scheduler. */
  long number = -1;

  /** Null while the sequence waits. */
  @Nullable BlockTable blocks;

  /** Tokens whose keys and values are in the cache, or will be after the step at hand. */
  int computed;

  /** Tokens that had been computed before the last pre-emption. */
  int computedBefore;

  private int cachedTokens;

  private Sequence(int[] promptTokens, @Nullable TokenTree tree) {
    this.tokens = promptTokens;
    this.length = promptTokens.length;
    this.promptLength = promptTokens.length;
    this.tree = tree;
  }

  /** A sequence whose next token is wanted, again and again. */
  public static Sequence generating(int[] promptTokens) {
    return new Sequence(promptTokens, null);
  }

  /** A sequence of which only the logits of {@code tree} are wanted. */
  public static Sequence scoring(int[] promptTokens, TokenTree tree) {
    return new Sequence(promptTokens, tree);
  }

  /** Prompt and output tokens in the first {@link #length()} places; not to be changed. */
  public int[] tokens() {
    return tokens;
  }

  public int length() {
    return length;
  }

  public int promptLength() {
    return promptLength;
  }

  /** Number of output tokens. */
  public int outputLength() {
    return length - promptLength;
  }

  /** The output tokens. */
  public int[] outputTokens() {
    return Arrays.copyOfRange(tokens, promptLength, length);
  }

  /** Prompt tokens that were found in the cache and so were never computed for this sequence. */
  public int cachedTokens() {
    return cachedTokens;
  }

  /** At an admission, counts the prompt tokens that are new to this sequence, and returns them. */
  int countCachedTokens() {
    int found = Math.max(0, Math.min(computed, promptLength) - computedBefore);
    cachedTokens += found;
    return found;
  }

  /** Adds an output token, which the next step is to compute. */
  public void append(int token) {
    if (length == tokens.length) {
      tokens = Arrays.copyOf(tokens, length + Math.max(16, (length - promptLength) / 2));
    }
    tokens[length++] = token;
  }

  /** Asks for the logits of one more tree: the prompt's last token is computed again with it. */
  public void scoreNext(TokenTree next) {
    tree = next;
    computed = length - 1;
    computedBefore = length;
  }

  @Nullable TokenTree tree() {
    return tree;
  }

  int treeSize() {
    return tree == null ? 0 : tree.size();
  }

  /** Rows of logits that the sequence's last chunk asks for. */
  int logitsRows() {
    return tree == null ? 1 : tree.logitsRows();
  }
}
