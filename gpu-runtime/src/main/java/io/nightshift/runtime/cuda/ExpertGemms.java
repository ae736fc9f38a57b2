package io.nightshift.runtime.cuda;

import static java.util.Objects.requireNonNull;

import io.nightshift.runtime.cuda.gemm.Gemm;
import io.nightshift.runtime.cuda.kernels.ExpertLinear;

/** The projections of the experts of one layer, in the buffers of its mixture. */
final class ExpertGemms {
  private final Experts experts;
  private final ExpertLinear gateUp;
  private final ExpertLinear down;

  /**
   * @param experts the mixtures that the layer belongs to
   */
  ExpertGemms(Experts experts, ExpertLinear gateUp, ExpertLinear down) {
    this.experts = experts;
    this.gateUp = gateUp;
    this.down = down;
  }

  /** Enqueues the gate and up projections and their activation, for the tokens as routed. */
  void multiplyGateUp() {
    experts.multiplyGateUp(gateUp);
  }

  /** Enqueues the down projections, of the rows as routed. */
  void multiplyDown() {
    experts.multiplyDown(down);
  }

  /** Enqueues both, and nothing in between: with fp8, what the last quantization has left. */
  void multiply() {
    multiplyGateUp();
    multiplyDown();
  }

  /** Gives all experts about the same number of rows, and waits for the stream. */
  void routeEvenly(int tokens) {
    experts.routeEvenly(tokens);
  }

  /** Time of the projections of so many tokens, as measured by {@link Experts#prepare}. */
  double seconds(int tokens) {
    return requireNonNull(experts.times().get(Gemm.roundRows(tokens)));
  }
}
