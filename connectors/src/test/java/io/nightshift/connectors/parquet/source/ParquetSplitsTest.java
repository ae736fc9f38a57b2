package io.nightshift.connectors.parquet.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.parquet.decode.RowPosition;
import io.nightshift.connectors.parquet.input.ParquetInputFile;
import io.nightshift.connectors.parquet.input.ParquetInputFile.RowGroup;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
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

  @Test
  void splitsAndTheEnumeratorsStateAreReadBack() throws IOException {
    Map<String, @Nullable String> folders = new HashMap<>();
    folders.put("day", "1");
    folders.put("city", null);
    ParquetSplit split =
        new ParquetSplit("s3://b/日.parquet", 7L << 40, 5, folders, 3, 9, new RowPosition(4, 17));
    ParquetSplitSerializer serializer = new ParquetSplitSerializer();
    assertThat(serializer.deserialize(1, serializer.serialize(split))).isEqualTo(split);
    assertThatThrownBy(() -> serializer.deserialize(2, serializer.serialize(split)))
        .hasMessageContaining("version 2");

    PendingSplits pending = new PendingSplits(List.of(split, split.at(RowPosition.startOf(8))));
    PendingSplits.Serializer states = new PendingSplits.Serializer();
    assertThat(states.deserialize(states.getVersion(), states.serialize(pending)))
        .isEqualTo(pending);
  }

  private static List<String> ids(List<ParquetSplit> splits) {
    return splits.stream().map(ParquetSplit::splitId).toList();
  }

  /** A file of row groups with as many rows as bytes. */
  private static ParquetInputFile file(long... rowGroups) {
    List<RowGroup> groups =
        Arrays.stream(rowGroups).mapToObj(rows -> new RowGroup(rows, rows)).toList();
    return new ParquetInputFile("f", 100, 0, Map.of(), groups);
  }
}
