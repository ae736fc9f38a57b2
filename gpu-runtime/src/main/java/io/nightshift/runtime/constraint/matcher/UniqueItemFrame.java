package io.nightshift.runtime.constraint.matcher;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * In an item that differs from those before it. As in {@link AdditionalNameFrame}, the text is held
 * only where it must be: not in a string of which there are plenty.
 */
final class UniqueItemFrame extends Frame {
  private final UniqueArrayFrame array;
  private final ByteDfa form;
  private final int state;
  private final @Nullable UsedTexts used;
  private final byte @Nullable [] text;

  /**
   * @param array the array, in an item
   * @param used what is used of the texts that begin as this one does; null for nothing
   * @param text the bytes of the item so far, if they are held
   */
  private UniqueItemFrame(
      UniqueArrayFrame array,
      ByteDfa form,
      int state,
      @Nullable UsedTexts used,
      byte @Nullable [] text) {
    super(length(array, form, state, used), array.isUnresolved());
    this.array = array;
    this.form = form;
    this.state = state;
    this.used = used;
    this.text = text;
  }

  private static int length(
      UniqueArrayFrame array, ByteDfa form, int state, @Nullable UsedTexts used) {
    int rest = UsedTexts.shortestUnused(form, state, used, array.lacksLast());
    return rest >= NEVER ? NEVER : rest + array.lengthAfterItem();
  }

  /** Adds what follows after the first byte of an item. */
  static void start(UniqueArrayFrame array, ByteDfa form, int value, Threads out) {
    int first = form.next(0, value);
    if (first != ByteDfa.DEAD) {
      boolean string = value == '"';
      if (array.lacksLast() && !string) {
        return;
      }
      boolean held =
          array.lacksLast() || !string || !form.isPlenty(first) || !array.mayRemainUnresolved();
      byte[] text = held ? new byte[0] : null;
      step(array, form, 0, array.used(), text, value, out);
    }
  }

  @Override
  void step(int value, Threads out) {
    step(array, form, state, used, text, value, out);
    if (text != null && form.accepts(state) && (used == null || !used.isEnd())) {
      UniqueArrayFrame after = array.afterItem(text);
      if (after.length() < NEVER) {
        out.parent(after).step(value, out);
      }
    }
  }

  private static void step(
      UniqueArrayFrame array,
      ByteDfa form,
      int state,
      @Nullable UsedTexts used,
      byte @Nullable [] text,
      int value,
      Threads out) {
    int next = form.next(state, value);
    if (next == ByteDfa.DEAD) {
      return;
    }
    UsedTexts nextUsed = used == null ? null : used.after(value);
    byte[] longer = null;
    if (text != null) {
      longer = Arrays.copyOf(text, text.length + 1);
      longer[text.length] = (byte) value;
    }
    if (!form.isFinal(next)) {
      out.add(new UniqueItemFrame(array, form, next, nextUsed, longer));
    } else if (!array.lacksLast() && (nextUsed == null || !nextUsed.isEnd())) {
      out.add(longer == null ? array.afterUnresolvedItem() : array.afterItem(longer));
    }
  }

  @Override
  @Nullable FreePlace freePlace() {
    return text == null && used == null && state == form.freeState()
        ? new FreePlace(array.afterUnresolvedItem(), 0, Integer.MAX_VALUE)
        : null;
  }

  @Override
  @Nullable Frame freed() {
    int free = form.freeState();
    return text == null && free >= 0 && form.characterState(state) >= 0
        ? new UniqueItemFrame(array, form, free, null, null)
        : null;
  }

  @Override
  Frame resolve(LastTexts texts, Frames frames) {
    UniqueArrayFrame resolved = (UniqueArrayFrame) array.resolve(texts, frames);
    if (text == null || !array.lacksLast()) {
      return frames.unique(new UniqueItemFrame(resolved, form, state, used, text));
    }
    return frames.unique(
        new UniqueItemFrame(resolved, form, state, resolved.used().after(text), null));
  }

  @Override
  boolean isOpen() {
    return array.lacksLast();
  }

  @Override
  int depth() {
    return array.depth();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof UniqueItemFrame that
        && array == that.array
        && form == that.form
        && state == that.state
        && used == that.used
        && Arrays.equals(text, that.text);
  }

  @Override
  public int hashCode() {
    return (System.identityHashCode(form) * 31 + state) * 31
        + Arrays.hashCode(text) * 31
        + System.identityHashCode(array);
  }
}
