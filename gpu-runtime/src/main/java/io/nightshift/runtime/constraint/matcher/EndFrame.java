package io.nightshift.runtime.constraint.matcher;

/** After the text: nothing may follow. */
final class EndFrame extends Frame {
  static final EndFrame END = new EndFrame();

  private EndFrame() {
    super(0, false);
  }

  @Override
  void step(int value, Threads out) {}

  @Override
  Frame resolve(LastTexts texts, Frames frames) {
    return this;
  }

  @Override
  int depth() {
    return 0;
  }
}
