package io.nightshift.connectors.arrow;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.jspecify.annotations.Nullable;

/** Batches of one string column, "text", for tests. */
public final class TextBatches {
  private TextBatches() {}

  public static ArrowBatch of(@Nullable String... texts) {
    VarCharVector vector = new VarCharVector("text", ArrowMemory.allocator());
    vector.allocateNew();
    for (int row = 0; row < texts.length; row++) {
      String text = texts[row];
      if (text == null) {
        vector.setNull(row);
      } else {
        vector.setSafe(row, text.getBytes(StandardCharsets.UTF_8));
      }
    }
    vector.setValueCount(texts.length);
    return new ArrowBatch(
        new VectorSchemaRoot(List.of(vector.getField()), List.of(vector), texts.length));
  }

  /** The texts of {@code batch}, which stays open. */
  public static List<@Nullable String> texts(ArrowBatch batch) {
    List<@Nullable String> texts = new ArrayList<>();
    for (int row = 0; row < batch.rows(); row++) {
      Object text = batch.root().getVector("text").getObject(row);
      texts.add(text == null ? null : text.toString());
    }
    return texts;
  }
}
