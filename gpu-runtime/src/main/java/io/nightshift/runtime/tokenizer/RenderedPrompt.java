package io.nightshift.runtime.tokenizer;

import java.util.Arrays;

/**
 * A rendered prompt: its text and the ranges in which control tokens are recognized. The text of a
 * row is outside of these ranges, so control tokens in it remain plain text.
 */
public final class RenderedPrompt {
  private final String text;
  private final int[] controlRanges;

  /**
   * @param text the whole prompt
   * @param controlRanges start and end of each range that may contain control tokens, as ascending
   *     UTF-16 indices; a control token is recognized if it is completely within one range
   */
  public RenderedPrompt(String text, int[] controlRanges) {
    this.text = text;
    this.controlRanges = controlRanges.clone();
  }

  /** A prompt in which all control tokens are recognized. */
  public static RenderedPrompt trusted(String text) {
    return new RenderedPrompt(text, new int[] {0, text.length()});
  }

  /** The prompt with a text behind it in which all control tokens are recognized. */
  public RenderedPrompt followedBy(String trusted) {
    if (trusted.isEmpty()) {
      return this;
    }
    int[] ranges = Arrays.copyOf(controlRanges, controlRanges.length + 2);
    ranges[controlRanges.length] = text.length();
    ranges[controlRanges.length + 1] = text.length() + trusted.length();
    return new RenderedPrompt(text + trusted, ranges);
  }

  /** The whole prompt. */
  public String text() {
    return text;
  }

  /** Number of ranges that may contain control tokens. */
  int ranges() {
    return controlRanges.length / 2;
  }

  int rangeStart(int range) {
    return controlRanges[2 * range];
  }

  int rangeEnd(int range) {
    return controlRanges[2 * range + 1];
  }

  @Override
  public String toString() {
    return text;
  }
}
