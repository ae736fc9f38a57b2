package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.constraint.mask.TokenMask;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MaskSlotsTest {

  private static TokenMask mask() {
    return new TokenMask(new long[] {1});
  }

  @Test
  void aMaskThatIsThereIsNotFilledInAgain() {
    MaskSlots slots = new MaskSlots(3);
    TokenMask first = mask();
    TokenMask second = mask();
    slots.begin();
    assertThat(slots.place(first)).isEqualTo(slots.place(first)).isZero();
    assertThat(slots.place(second)).isEqualTo(1);
    assertThat(slots.filled()).containsExactly(0, 1);

    slots.begin();
    assertThat(slots.place(second)).isEqualTo(1);
    assertThat(slots.filled()).isEmpty();
  }

  @Test
  void aStepKeepsItsMasksAndEachSlotHoldsWhatWasFilledInLast() {
    Random random = new Random(1);
    TokenMask[] masks = new TokenMask[40];
    Arrays.setAll(masks, i -> mask());
    MaskSlots slots = new MaskSlots(10);
    Map<Integer, TokenMask> device = new HashMap<>();
    int fills = 0;
    for (int step = 0; step < 1000; step++) {
      slots.begin();
      Map<TokenMask, Integer> placed = new HashMap<>();
      int filledBefore = 0;
      for (int i = 0; i < 10; i++) {
        TokenMask mask = masks[random.nextInt(step % 2 == 0 ? 8 : 40)];
        int slot = slots.place(mask);
        if (slots.filled().size() > filledBefore) {
          filledBefore++;
          assertThat(slots.filled().get(filledBefore - 1)).isEqualTo(slot);
          device.put(slot, mask);
        }
        placed.put(mask, slot);
      }
      placed.forEach((mask, slot) -> assertThat(device.get(slot)).isSameAs(mask));
      Set<Integer> distinct = new HashSet<>(slots.filled());
      assertThat(slots.filled()).hasSize(distinct.size());
      fills += distinct.size();
    }
    assertThat(fills).isLessThan(8000);
  }

  @Test
  void aStepWithMoreMasksThanSlotsIsRefused() {
    MaskSlots slots = new MaskSlots(2);
    slots.begin();
    slots.place(mask());
    slots.place(mask());

    assertThatThrownBy(() -> slots.place(mask()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("more than 2 different masks");
  }
}
