package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.weights.RowOrder;
import io.nightshift.runtime.model.weights.StackedRows;
import io.nightshift.runtime.model.weights.TensorSource;
import java.util.List;
import java.util.Set;

/**
 * Experts of a layer as two stacks, as transformers 5 has them in memory and may save them: {@code
 * mlp.experts.gate_up_proj}, {@code [experts, 2 * intermediate, hidden]}, each gate above its up,
 * and {@code mlp.experts.down_proj}, {@code [experts, hidden, intermediate]}.
 */
final class StackedExpertsLayout extends PlainLayout {
  private static final String GATE_UP = "mlp.experts.gate_up_proj";

  private final ModelConfig config;

  StackedExpertsLayout(ModelConfig config) {
    super(config);
    this.config = config;
  }

  /** Whether the tensors of these names are stored like that. */
  static boolean fits(Set<String> stored) {
    return stored.stream().anyMatch(name -> name.endsWith("." + GATE_UP));
  }

  @Override
  public TensorSource source(TensorShape shape) {
    return LayerTensor.of(shape.name())
        .flatMap(ExpertTensor::of)
        .map(expert -> stacked(expert, shape))
        .orElseGet(() -> super.source(shape));
  }

  private TensorSource stacked(ExpertTensor expert, TensorShape shape) {
    long rows = expert.isDown() ? shape.rows() : 2L * shape.rows();
    int first = expert.expert() * (int) rows + (expert.isUp() ? shape.rows() : 0);
    return new StackedRows(
        expert.layer() + (expert.isDown() ? "mlp.experts.down_proj" : GATE_UP),
        List.of((long) Experts.count(config), rows, (long) shape.columns()),
        RowOrder.strided(first, 1));
  }
}
