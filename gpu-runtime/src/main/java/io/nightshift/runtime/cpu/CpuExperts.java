package io.nightshift.runtime.cpu;

import io.nightshift.runtime.cpu.CpuLayerWeights.ExpertsWeights;
import io.nightshift.runtime.cpu.CpuLayerWeights.MlpWeights;
import io.nightshift.runtime.model.ExpertsConfig;
import java.util.Arrays;

/**
 * A mixture of experts (Shazeer et al., "Outrageously large neural networks", 2017). The rows of
 * the whole step are grouped by expert, so that an expert's weights are read once for up to {@link
 * TilePlan#MAX_ROWS} of them. The outputs of a row's experts are then summed in the row's own tile.
 */
final class CpuExperts implements CpuFeedForward {
  private final Worker worker;
  private final ExpertsConfig config;
  private final ExpertsWeights weights;
  private final InputNorm norm;
  private final ResidualAdd residualAdd;
  private final NativeRows inputs;
  private final NativeRows outputs;
  private final ExpertRouting routing;
  private final PackedGemm gemm;
  private final CpuGatedLinearUnit gatedLinearUnit;
  private final ExpertScratch scratch;
  private final float[] scores;
  private final float[] output;
  private final float[] sum;

  /**
   * @param inputs memory for what the experts read, a row for each of the step
   * @param outputs memory for the experts' outputs, a row for each choice of {@code routing}
   */
  CpuExperts(
      Worker worker,
      ExpertsConfig config,
      ExpertsWeights weights,
      InputNorm norm,
      ResidualAdd residualAdd,
      NativeRows inputs,
      NativeRows outputs,
      ExpertRouting routing,
      CpuOperators operators) {
    this.worker = worker;
    this.config = config;
    this.weights = weights;
    this.norm = norm;
    this.residualAdd = residualAdd;
    this.inputs = inputs;
    this.outputs = outputs;
    this.routing = routing;
    gemm = operators.gemm;
    gatedLinearUnit = operators.gatedLinearUnit;
    scratch = operators.experts;
    scores = new float[config.experts()];
    output = new float[weights.router().inputs()];
    sum = new float[output.length];
  }

  @Override
  public TileOperation forward(ForwardStep step, StepRows rows, TileOperation input) {
    step.forEachTile(
        rows,
        (from, count) -> {
          input.run(from, count);
          norm.write(rows.residual().row(from), inputs.row(from), count);
          route(from, count);
        });
    step.await(worker.clock());
    step.forEach(1, only -> routing.group(rows.count(), step.workers()));
    step.await(worker.clock());
    step.forEach(routing.tiles().size(), tile -> compute(routing.tiles().get(tile)));
    step.await(worker.clock());
    return (from, count) -> combine(rows.residual(), from, count);
  }

  /** Scores the experts and chooses some for each row of a tile. */
  private void route(int from, int count) {
    scratch.scores.reserve((long) TilePlan.roundRows(count) * scores.length);
    gemm.multiply(weights.router(), inputs.row(from), scratch.scores.address(), count);
    for (int i = 0; i < count; i++) {
      scratch.scores.buffer().get(i * scores.length, scores);
      routing.choose(from + i, scores);
    }
    worker.clock().spent(ForwardStage.ROUTING);
  }

  /** Computes one expert for the rows of a tile. */
  private void compute(ExpertRouting.Tile tile) {
    int count = tile.count();
    long floats = (long) TilePlan.roundRows(count) * output.length;
    NativeRows gathered =
        new NativeRows(scratch.inputs.reserve(floats).address(), inputs.rowBytes());
    NativeRows computed =
        new NativeRows(scratch.outputs.reserve(floats).address(), outputs.rowBytes());
    for (int i = 0; i < count; i++) {
      int row = routing.row(routing.choice(tile.from() + i));
      worker.copy().copy(inputs.row(row), gathered.row(i), inputs.rowBytes());
    }
    worker.clock().spent(ForwardStage.ROUTING);
    MlpWeights expert = weights.experts().get(tile.expert());
    long activated = gatedLinearUnit.apply(expert, config.activation(), gathered.address(), count);
    gemm.multiply(expert.down(), activated, computed.address(), count);
    worker.clock().spent(ForwardStage.DOWN);
    for (int i = 0; i < count; i++) {
      int choice = routing.choice(tile.from() + i);
      worker.copy().copy(computed.row(i), outputs.row(choice), outputs.rowBytes());
    }
    worker.clock().spent(ForwardStage.ROUTING);
  }

  /** Adds the weighted outputs of the experts of each row of a tile. */
  private void combine(NativeRows residual, int from, int count) {
    scratch.inputs.reserve(output.length);
    scratch.outputs.reserve((long) TilePlan.roundRows(count) * output.length);
    for (int i = 0; i < count; i++) {
      Arrays.fill(sum, 0);
      int first = (from + i) * config.expertsPerToken();
      for (int choice = first; choice < first + config.expertsPerToken(); choice++) {
        worker.copy().copy(outputs.row(choice), scratch.inputs.address(), outputs.rowBytes());
        scratch.inputs.buffer().get(0, output);
        float weight = routing.weight(choice);
        for (int j = 0; j < sum.length; j++) {
          sum[j] += weight * output[j];
        }
      }
      scratch.outputs.buffer().put(i * sum.length, sum);
    }
    residualAdd.add(scratch.outputs.address(), residual, from, count);
    worker.clock().spent(ForwardStage.ROUTING);
  }
}
