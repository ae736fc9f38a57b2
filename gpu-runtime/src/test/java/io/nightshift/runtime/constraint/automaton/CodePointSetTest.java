package io.nightshift.runtime.constraint.automaton;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CodePointSetTest {

  @Test
  void operationsAgreeWithBitSets() {
    Random random = new Random(3);
    for (int i = 0; i < 100; i++) {
      BitSet a = randomBits(random);
      BitSet b = randomBits(random);
      BitSet both = (BitSet) a.clone();
      both.and(b);
      BitSet either = (BitSet) a.clone();
      either.or(b);
      BitSet onlyA = (BitSet) a.clone();
      onlyA.andNot(b);

      assertThat(set(a).intersection(set(b))).isEqualTo(set(both)).hasSameHashCodeAs(set(both));
      assertThat(CodePointSet.union(set(a), set(b))).isEqualTo(set(either));
      assertThat(set(a).minus(set(b))).isEqualTo(set(onlyA));
      assertThat(set(a).complement().complement()).isEqualTo(set(a));
      for (int c = 0; c < 40; c++) {
        assertThat(set(a).contains(c)).isEqualTo(a.get(c));
        assertThat(set(a).complement().contains(c)).isEqualTo(!a.get(c));
      }
    }
  }

  private static BitSet randomBits(Random random) {
    return BitSet.valueOf(new long[] {random.nextLong() & (1L << 40) - 1});
  }

  private static CodePointSet set(BitSet bits) {
    return CodePointSet.of(bits.stream().toArray());
  }

  @Test
  void surrogatesAreInNoSet() {
    CodePointSet[] sets = {
      CodePointSet.ALL,
      CodePointSet.range(0xD000, 0xE001),
      CodePointSet.range(0xD900, 0xD900),
      CodePointSet.of(0xD800, 0xDFFF),
      CodePointSet.NONE.complement(),
      CodePointSet.where(c -> true)
    };
    for (CodePointSet set : sets) {
      assertThat(set.contains(0xD800)).isFalse();
      assertThat(set.contains(0xDFFF)).isFalse();
    }
    assertThat(CodePointSet.where(c -> true)).isEqualTo(CodePointSet.ALL);
    assertThat(CodePointSet.ALL.complement()).isEqualTo(CodePointSet.NONE);
    assertThat(CodePointSet.range(0xD000, 0xE001).rangeCount()).isEqualTo(2);
  }

  @Test
  void alphabetsTellApartWhatTheirSetsDo() {
    CodePointSet digits = CodePointSet.range('0', '9');
    CodePointSet hexadecimal = CodePointSet.union(digits, CodePointSet.range('a', 'f'));
    CodePointSet all = CodePointSet.ALL;
    Alphabet alphabet = Alphabet.of(List.of(digits, hexadecimal, digits, all));

    assertThat(alphabet.size()).isEqualTo(3);
    assertThat(alphabet.symbols(digits)).hasSize(1);
    assertThat(alphabet.symbols(hexadecimal)).hasSize(2).contains(alphabet.symbols(digits));
    assertThat(alphabet.symbols(all)).containsExactly(0, 1, 2);
    assertThat(alphabet.symbols(CodePointSet.NONE)).isEmpty();
  }
}
