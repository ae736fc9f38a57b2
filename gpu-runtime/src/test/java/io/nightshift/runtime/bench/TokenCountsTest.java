package io.nightshift.runtime.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TokenCountsTest {

  @Test
  void whatPromptsShareAtTheirBeginningIsRequiredOnce() {
    List<Workload.Row> rows =
        List.of(
            new Workload.Row(0, new int[] {1, 2, 3}, 1),
            new Workload.Row(1, new int[] {7, 2, 3}, 2),
            new Workload.Row(2, new int[] {1, 2, 4, 5}, 4));

    TokenCounts counts = TokenCounts.of(rows);

    assertThat(counts.prompt()).isEqualTo(10);
    assertThat(counts.output()).isEqualTo(7);
    // 1 2 3, 4 5 behind 1 2, and 7 2 3; then every output token but the last of each row.
    assertThat(counts.required()).isEqualTo(3 + 2 + 3 + 0 + 1 + 3);
  }

  @Test
  void aDocumentIsRequiredOnce() {
    List<Workload.Row> rows = new ArrayList<>();
    Workload.DOCQA.generate(128_256, Workload.DOCQA.rows(), rows::add);

    TokenCounts counts = TokenCounts.of(rows);

    // Questions on one document may begin with the same token by chance.
    long documents = 128L * 1024;
    long questions = counts.prompt() - 2048L * 1024;
    assertThat(counts.required() - (counts.output() - 2048))
        .isBetween(documents + questions - 10, documents + questions);
  }
}
