package io.nightshift.connectors.parquet.decode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.parquet.Fixture;
import io.nightshift.connectors.parquet.input.ParquetInputs;
import io.nightshift.connectors.source.BatchLayout;
import java.io.IOException;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Schema;
import org.junit.jupiter.api.Test;

class BatchSizeTest {
  @Test
  void aBatchEndsWithTheRowThatFillsIt() throws IOException {
    Fixture large = Fixture.of("pyarrow-large-strings");
    assertThat(sizes(large, 100_000)).containsExactly(1, 2, 1);
    assertThat(sizes(large, 1)).containsExactly(1, 1, 1, 1);
    assertThat(sizes(large, 1 << 20)).containsExactly(4);
  }

  @Test
  void numbersCountByTheirWidth() throws IOException {
    Fixture fixture = Fixture.of("pyarrow-split-fixed");
    long fiveBytes = 5;
    assertThat(sizes(fixture, 10 * fiveBytes)).containsExactly(10, 10, 10, 10, 10, 10, 1);
  }

  @Test
  void aLayoutWithoutRoomForARowIsRefused() {
    Schema none = new Schema(List.of());
    assertThatThrownBy(() -> new BatchLayout(List.of(), none, 0, 1)).hasMessageContaining("0 rows");
    assertThatThrownBy(() -> new BatchLayout(List.of(), none, 1, 0))
        .hasMessageContaining("0 bytes");
  }

  private static List<Integer> sizes(Fixture fixture, long batchBytes) throws IOException {
    assertThat(ParquetInputs.inspect(fixture.parquet().toString()).rows())
        .isEqualTo(fixture.rows().size());
    return Batches.read(fixture.parquet(), 1000, batchBytes).stream()
        .map(batch -> batch.rows().size())
        .toList();
  }
}
