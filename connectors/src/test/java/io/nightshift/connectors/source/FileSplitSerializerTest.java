package io.nightshift.connectors.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class FileSplitSerializerTest {
  @Test
  void splitsAndTheEnumeratorsStateAreReadBack() throws IOException {
    Map<String, @Nullable String> folders = new HashMap<>();
    folders.put("day", "1");
    folders.put("city", null);
    FileSplit split =
        new FileSplit("s3://b/日.parquet", 7L << 40, 5, folders, 3, 9, new SplitPosition(4, 17));
    FileSplitSerializer serializer = new FileSplitSerializer();
    assertThat(serializer.deserialize(1, serializer.serialize(split))).isEqualTo(split);
    assertThatThrownBy(() -> serializer.deserialize(2, serializer.serialize(split)))
        .hasMessageContaining("version 2");

    PendingSplits pending = new PendingSplits(List.of(split, split.at(new SplitPosition(8, 0))));
    PendingSplits.Serializer states = new PendingSplits.Serializer();
    assertThat(states.deserialize(states.getVersion(), states.serialize(pending)))
        .isEqualTo(pending);
  }
}
