package io.nightshift.runtime.cuda;

import io.nightshift.runtime.constraint.mask.TokenMask;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which mask is in which slot of the device. Masks recur, in neighboring rows and in later ones, so
 * each stays until its slot is needed: slots are filled in turn, except for those that the step
 * itself uses. So the slots that a step fills are next to each other, and take few copies.
 */
final class MaskSlots {
  private final @Nullable TokenMask[] masks;
  private final long[] lastUses;
  private final Map<TokenMask, Integer> slots = new IdentityHashMap<>();
  private final List<Integer> filled = new ArrayList<>();
  private long step;
  private int next;

  MaskSlots(int count) {
    masks = new TokenMask[count];
    lastUses = new long[count];
  }

  /** Starts another step. */
  void begin() {
    step++;
    filled.clear();
  }

  /**
   * Returns the slot of a mask, which is the step's until the next one begins.
   *
   * @throws IllegalArgumentException if the step has more masks than there are slots
   */
  int place(TokenMask mask) {
    Integer known = slots.get(mask);
    int slot = known == null ? fill(mask) : known;
    lastUses[slot] = step;
    return slot;
  }

  private int fill(TokenMask mask) {
    for (int tries = 0; tries < masks.length; tries++) {
      int slot = next;
      next = (next + 1) % masks.length;
      if (lastUses[slot] < step) {
        TokenMask before = masks[slot];
        if (before != null) {
          slots.remove(before);
        }
        masks[slot] = mask;
        slots.put(mask, slot);
        filled.add(slot);
        return slot;
      }
    }
    throw new IllegalArgumentException(
        "A step with more than %s different masks; this runner takes a step of %s logits rows"
            .formatted(masks.length, masks.length));
  }

  /** The slots that the step has filled so far, in their order. */
  List<Integer> filled() {
    return filled;
  }
}
