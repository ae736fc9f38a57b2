package io.nightshift.runtime.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.runtime.model.random.SplitMix64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Totals and checksums are those that the reference in Python prints for a vocabulary of 128,256
 * tokens.
 */
class WorkloadTest {

  @ParameterizedTest
  @CsvSource({
    "LABEL, 4096, 2720030, 16384, d09532c9d2831c60",
    "DOCQA, 2048, 2153376, 56933, e1685c3b00dcbb16",
    "LIBRARY, 8192, 8615879, 55685, c45c16ed069b87ec",
    "SUMMARIZE, 2048, 1611111, 149830, 89ac984568201dc2",
    "MLPERF, 2048, 1640747, 262144, 22a9924b2ca8794",
    "GENERATE, 1024, 244668, 156589, f8dd91b338831eff",
    "EXTRACT, 2048, 2204683, 1048576, ad4ffaaad0cb28b0",
    "EMBED, 4096, 1174221, 0, 69affbcfa307a644",
    "LONG32K, 64, 2097152, 4096, 9009b389befd175b",
    "LONG128K, 16, 2096128, 1024, 6370745389bb41ca"
  })
  void makesTheSameTokensAsTheReference(
      Workload workload, int rows, long promptTokens, long outputTokens, String checksum) {
    long[] totals = new long[4];
    workload.generate(
        128_256,
        workload.rows(),
        row -> {
          totals[0]++;
          totals[1] += row.promptTokens().length;
          totals[2] += row.outputTokens();
          for (int token : row.promptTokens()) {
            totals[3] = SplitMix64.hash(totals[3] ^ token);
          }
          totals[3] = SplitMix64.hash(totals[3] ^ row.outputTokens());
        });
    assertThat(totals[0]).isEqualTo(rows);
    assertThat(totals[1]).isEqualTo(promptTokens);
    assertThat(totals[2]).isEqualTo(outputTokens);
    assertThat(Long.toHexString(totals[3])).isEqualTo(checksum);
  }

  @Test
  void refusesMoreRowsThanThereAreAndTinyVocabularies() {
    assertThatThrownBy(() -> Workload.LABEL.generate(300, 4097, row -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("label has 4096 rows, not 4097");
    assertThatThrownBy(() -> Workload.LABEL.generate(272, 1, row -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("workloads need a vocabulary of more than 272 tokens, not 272");
  }
}
