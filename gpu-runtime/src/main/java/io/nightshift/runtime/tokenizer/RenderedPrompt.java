package io.nightshift.runtime.tokenizer;

/**
 * A rendered prompt: its text, and where in it control tokens are recognised. The text of a row
 * lies outside of these ranges, so whatever it says, it stays text.
 */
public final class RenderedPrompt {
  private final String text;
  private final int[] controlRanges;

  /**
   * @param text the whole prompt
   * @param controlRanges start and end in turn of each range that may hold control tokens, as
   *     UTF-16 indexes, ascending; a control token is recognised where all of it lies in one range
   */
  public RenderedPrompt(String text, int[] controlRanges) {
    this.text = text;
    this.controlRanges = controlRanges.clone();
  }

  /** A prompt whose control tokens are all recognised. */
  public static RenderedPrompt trusted(String text) {
    return new RenderedPrompt(text, new int[] {0, text.length()});
  }

  /** The whole prompt. */
  public String text() {
    return text;
  }

  /** Number of ranges that may hold control tokens. */
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
