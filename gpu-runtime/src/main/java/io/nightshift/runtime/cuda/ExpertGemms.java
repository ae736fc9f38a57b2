package io.nightshift.runtime.cuda;

import static java.util.Objects.requireNonNull;

import io.nightshift.runtime.cuda.device.DeviceVector;
import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.kernels.ExpertLinear;
import io.nightshift.runtime.cuda.weights.DeviceLinear;

/** The projections of the experts of one layer, in the buffers of its mixture. */
final class ExpertGemms {
  private final Experts experts;
  private final int index;
  private final Projection gateUp;
  private final Projection down;

  /**
   * A projection of all experts.
   *
   * @param weights dense or packed
   * @param linear what kernels read: the weights, or where they are unpacked to
   */
  record Projection(DeviceLinear weights, ExpertLinear linear) {}

  /**
   * @param experts the mixtures that the layer belongs to
   * @param index the layer's number among them
   */
  ExpertGemms(Experts experts, int index, Projection gateUp, Projection down) {
    this.experts = experts;
    this.index = index;
    this.gateUp = gateUp;
    this.down = down;
  }

  /** f32 {@code [experts]}: rows that the layer's experts have had so far. */
  DeviceVector loads() {
    return experts.loads(index);
  }

  /** Enqueues the gate and up projections and their activation, for the tokens as routed. */
  void multiplyGateUp() {
    experts.multiplyGateUp(experts.routed(), gateUp);
  }

  /** Enqueues the down projections, of the rows as routed. */
  void multiplyDown() {
    experts.multiplyDown(experts.routed(), down);
  }

  /** Enqueues both, and nothing in between: with fp8, what the last quantization has left. */
  void multiply() {
    multiplyGateUp();
    multiplyDown();
  }

  /**
   * Draws experts for so many tokens, as often as the tokens so far have chosen them, and waits for
   * the stream.
   */
  void draw(int tokens) {
    experts.draw(index, tokens);
  }

  /** Enqueues both projections as {@link #multiply} does, for the tokens as drawn. */
  void multiplyDrawn() {
    experts.multiplyGateUp(experts.drawn(index), gateUp);
    experts.multiplyDown(experts.drawn(index), down);
  }

  /** Time of the projections of so many tokens, as measured by {@link Experts#prepare}. */
  double seconds(int tokens) {
    return requireNonNull(experts.times().get(Gemm.roundRows(tokens)));
  }
}
