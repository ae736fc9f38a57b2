package io.nightshift.runtime.constraint.matcher;

/**
 * Before a text of a tokenizer that adds spaces before every text, which its decoder removes again:
 * as many spaces as it would remove do not belong to the text.
 */
final class LeadingSpacesFrame extends Frame {
  private final Frame text;
  private final int spaces;

  /**
   * @param spaces maximum number of spaces to be removed, at least one
   */
  LeadingSpacesFrame(Frame text, int spaces) {
    // A text that itself begins with a space needs all of them before it.
    super(text.length() == 0 ? 0 : text.length() + spaces, false);
    this.text = text;
    this.spaces = spaces;
  }

  @Override
  void step(int value, Threads out) {
    if (value != ' ') {
      text.step(value, out);
    } else {
      out.add(spaces == 1 ? text : new LeadingSpacesFrame(text, spaces - 1));
    }
  }

  @Override
  Frame resolve(LastTexts texts, Frames frames) {
    return this;
  }

  @Override
  int depth() {
    return 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof LeadingSpacesFrame that && text == that.text && spaces == that.spaces;
  }

  @Override
  public int hashCode() {
    return spaces * 31 + System.identityHashCode(text);
  }
}
