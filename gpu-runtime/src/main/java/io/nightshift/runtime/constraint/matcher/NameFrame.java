package io.nightshift.runtime.constraint.matcher;

/** In the name of a named property. */
final class NameFrame extends Frame {
  private final ObjectFrame object;
  private final int node;
  private final int depth;

  /**
   * @param object the object, in a name
   * @param node the node in {@link ObjectMachine#names}
   * @param depth number of bytes of the name so far
   */
  NameFrame(ObjectFrame object, int node, int depth) {
    super(
        object.machine().lengthInName(node, depth, object.state().next(), object.state().count())
            + object.length(),
        object.isUnresolved());
    this.object = object;
    this.node = node;
    this.depth = depth;
  }

  @Override
  void step(int value, Threads out) {
    Names names = object.machine().names();
    int next = names.next(node, value);
    if (next < 0) {
      return;
    }
    if (!names.isEnd(next)) {
      out.add(new NameFrame(object, next, depth + 1));
      return;
    }
    NameFrame whole = new NameFrame(object, next, depth + 1);
    if (whole.length() < NEVER) {
      out.add(object.afterName(object.machine().property(next)));
    }
  }

  @Override
  Frame resolve(LastTexts texts, Frames frames) {
    ObjectFrame resolved = (ObjectFrame) object.resolve(texts, frames);
    return frames.unique(new NameFrame(resolved, node, depth));
  }

  @Override
  int depth() {
    return object.depth();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof NameFrame that && object == that.object && node == that.node;
  }

  @Override
  public int hashCode() {
    return node * 31 + System.identityHashCode(object);
  }
}
