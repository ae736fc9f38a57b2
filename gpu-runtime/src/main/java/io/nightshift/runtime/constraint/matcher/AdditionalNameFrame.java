package io.nightshift.runtime.constraint.matcher;

import io.nightshift.runtime.constraint.matcher.ObjectMachine.Additional;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * In the name of an additional property, beside the names that were used. The frame does not hold
 * the name itself, which would make every name a state of its own: it is added to the used ones
 * afterwards, by {@link Frame#resolve}, and until then no other name may end. Only where the names
 * are few, or the name before is not known, is the name held.
 */
final class AdditionalNameFrame extends Frame {
  private static final byte[] QUOTE = {'"'};

  private final ObjectFrame object;
  private final int kind;
  private final int word;
  private final @Nullable UsedTexts used;
  private final byte @Nullable [] text;

  /**
   * @param object the object, in a name
   * @param kind index of the kind of additional property
   * @param word state of the automaton of the names
   * @param used what is used of the names that begin as this one does; null for nothing
   * @param text the bytes of the name so far, if they are held
   */
  private AdditionalNameFrame(
      ObjectFrame object, int kind, int word, @Nullable UsedTexts used, byte @Nullable [] text) {
    super(length(object, kind, word, used), object.isUnresolved());
    this.object = object;
    this.kind = kind;
    this.word = word;
    this.used = used;
    this.text = text;
  }

  /** Adds the frame after the opening quotation mark. */
  static void start(ObjectFrame object, int kind, Threads out) {
    Additional additional = object.machine().additional().get(kind);
    int word = additional.names().next(0, '"');
    boolean held =
        object.state().unresolved()
            || !additional.names().isPlenty(word)
            || !object.machine().mayRemainUnresolved(object.state().count() + 1);
    UsedTexts used = object.state().used().after('"');
    out.add(new AdditionalNameFrame(object, kind, word, used, held ? QUOTE : null));
  }

  private static int length(ObjectFrame object, int kind, int word, @Nullable UsedTexts used) {
    ByteDfa names = object.machine().additional().get(kind).names();
    int rest = UsedTexts.shortestUnused(names, word, used, object.state().unresolved());
    return rest >= NEVER ? NEVER : rest + object.lengthAfterAdditionalName(kind);
  }

  @Override
  void step(int value, Threads out) {
    ByteDfa names = object.machine().additional().get(kind).names();
    int next = names.next(word, value);
    if (next == ByteDfa.DEAD) {
      return;
    }
    UsedTexts nextUsed = used == null ? null : used.after(value);
    byte[] longer = null;
    if (text != null) {
      longer = Arrays.copyOf(text, text.length + 1);
      longer[text.length] = (byte) value;
    }
    if (!names.isFinal(next)) {
      out.add(new AdditionalNameFrame(object, kind, next, nextUsed, longer));
    } else if (nextUsed == null && !object.state().unresolved()) {
      UsedTexts before = object.state().used();
      out.add(
          longer == null
              ? object.afterAdditionalName(kind, before, true)
              : object.afterAdditionalName(kind, before.with(longer), false));
    }
  }

  @Override
  Frame resolve(LastTexts texts, Frames frames) {
    ObjectFrame resolved = (ObjectFrame) object.resolve(texts, frames);
    if (text == null || !object.state().unresolved()) {
      return frames.unique(new AdditionalNameFrame(resolved, kind, word, used, text));
    }
    UsedTexts begun = resolved.state().used().after(text);
    return frames.unique(new AdditionalNameFrame(resolved, kind, word, begun, null));
  }

  @Override
  @Nullable FreePlace freePlace() {
    return text == null && used == null && word == names().freeState()
        ? new FreePlace(afterUnresolved(), 0, Integer.MAX_VALUE)
        : null;
  }

  @Override
  @Nullable Frame freed() {
    int free = names().freeState();
    return text == null && free >= 0 && names().characterState(word) >= 0
        ? new AdditionalNameFrame(object, kind, free, null, null)
        : null;
  }

  private ByteDfa names() {
    return object.machine().additional().get(kind).names();
  }

  private Frame afterUnresolved() {
    return object.afterAdditionalName(kind, object.state().used(), true);
  }

  @Override
  boolean isOpen() {
    return object.state().unresolved();
  }

  @Override
  int depth() {
    return object.depth();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof AdditionalNameFrame that
        && object == that.object
        && kind == that.kind
        && word == that.word
        && used == that.used
        && Arrays.equals(text, that.text);
  }

  @Override
  public int hashCode() {
    return ((word * 31 + kind) * 31 + System.identityHashCode(used)) * 31
        + System.identityHashCode(object)
        + Arrays.hashCode(text);
  }
}
