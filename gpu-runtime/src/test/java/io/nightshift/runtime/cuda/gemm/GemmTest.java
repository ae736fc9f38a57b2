package io.nightshift.runtime.cuda.gemm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GemmTest {

  @Test
  void roundsToFewSizesThatAddLittle() {
    for (int rows = 1; rows <= 16_384; rows++) {
      int rounded = Gemm.roundRows(rows);
      assertThat(rounded)
          .isGreaterThanOrEqualTo(rows)
          .isLessThan(rows + Math.max(16, rows / 16 + 1));
      assertThat(Gemm.roundRows(rounded)).isEqualTo(rounded);
    }
    assertThat(Gemm.roundedRows(16_384)).hasSizeLessThan(130);
  }

  @Test
  void listsWhatItRoundsTo() {
    assertThat(Gemm.roundedRows(1000))
        .isEqualTo(IntStream.rangeClosed(1, 1000).map(Gemm::roundRows).distinct().boxed().toList());
  }
}
