package io.nightshift.connectors.arrow;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.apache.arrow.vector.IntVector;
import org.junit.jupiter.api.Test;

class IntArraysTest {

  @Test
  void whatIsWrittenPieceByPieceIsReadAndValid() {
    Random random = new Random(2);
    int[] all = random.ints(3000).toArray();
    try (IntVector vector = new IntVector("numbers", ArrowMemory.allocator())) {
      int end = 0;
      while (end < all.length) {
        int[] piece = new int[Math.min(random.nextInt(40), all.length - end)];
        System.arraycopy(all, end, piece, 0, piece.length);
        IntArrays.write(piece, vector, end);
        end += piece.length;
      }
      vector.setValueCount(all.length);

      assertThat(vector.getNullCount()).isZero();
      for (int i = 0; i < all.length; i++) {
        assertThat(vector.get(i)).isEqualTo(all[i]);
      }
      int[] read = {1, 2, 3, 0, 0, 0, 0};
      IntArrays.read(vector, 1234, read, 3);
      assertThat(read).containsExactly(1, 2, 3, all[1234], all[1235], all[1236], all[1237]);
    }
  }
}
