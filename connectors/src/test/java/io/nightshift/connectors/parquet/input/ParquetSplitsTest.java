package io.nightshift.connectors.parquet.input;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.parquet.input.ParquetInputFile.RowGroup;
import io.nightshift.connectors.source.FileSplit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParquetSplitsTest {
  @Test
  void rowGroupsAreTakenTogetherUpToTheSize() {
    ParquetInputFile file = file(10, 10, 10, 50, 1, 1);
    assertThat(ids(ParquetSplits.of(List.of(file), 20)))
        .containsExactly("f#0-2", "f#2-3", "f#3-4", "f#4-6");
    assertThat(ids(ParquetSplits.of(List.of(file), 1000))).containsExactly("f#0-6");
    assertThat(ids(ParquetSplits.of(List.of(file), 1))).hasSize(6);
  }

  @Test
  void rowGroupsWithoutRowsMakeNoSplit() {
    assertThat(ParquetSplits.of(List.of(file(), file(0, 0)), 20)).isEmpty();
    assertThat(ids(ParquetSplits.of(List.of(file(0, 10, 0)), 20))).containsExactly("f#0-3");
  }

  private static List<String> ids(List<FileSplit> splits) {
    return splits.stream().map(FileSplit::splitId).toList();
  }

  /** A file of row groups with as many rows as bytes. */
  private static ParquetInputFile file(long... rowGroups) {
    List<RowGroup> groups =
        Arrays.stream(rowGroups).mapToObj(rows -> new RowGroup(rows, rows)).toList();
    return new ParquetInputFile("f", 100, 0, Map.of(), groups);
  }
}
