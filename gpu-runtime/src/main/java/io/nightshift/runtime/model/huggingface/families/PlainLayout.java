package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.weights.RowOrder;
import io.nightshift.runtime.model.weights.StackedRows;
import io.nightshift.runtime.model.weights.TensorSource;
import io.nightshift.runtime.model.weights.TensorTable;
import java.util.List;

/** Hugging Face's own names, one tensor each. Layouts of families begin with it. */
class PlainLayout implements TensorTable.Layout {
  private final boolean tiedEmbeddings;

  PlainLayout(ModelConfig config) {
    tiedEmbeddings = config.tiedEmbeddings();
  }

  @Override
  public TensorSource source(TensorShape shape) {
    return TensorSource.whole(shape.name());
  }

  /** Old folders store rotary frequencies, and some store tied weights twice. */
  @Override
  public boolean ignorable(String storedName) {
    return storedName.endsWith(".rotary_emb.inv_freq")
        || (tiedEmbeddings && storedName.equals("lm_head.weight"));
  }

  /** Rows of one of several matrices that are stored as one, on top of each other. */
  static TensorSource rowsOf(String fused, int allRows, TensorShape part, int firstRow) {
    return new StackedRows(
        fused, List.of((long) allRows, (long) part.columns()), RowOrder.strided(firstRow, 1));
  }
}
