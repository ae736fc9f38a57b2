package io.nightshift.runtime.cpu;

/**
 * A transformer layer: attention and then a feed-forward network, which both read the residual
 * stream and add to it. Where norms are is a matter of the two.
 */
final class CpuTransformerLayer implements CpuDecoderLayer {
  private final CpuSelfAttention attention;
  private final CpuFeedForward feedForward;

  CpuTransformerLayer(CpuSelfAttention attention, CpuFeedForward feedForward) {
    this.attention = attention;
    this.feedForward = feedForward;
  }

  @Override
  public TileOperation forward(ForwardStep step, TileOperation input) {
    return feedForward.forward(step, step.allRows(), attention.forward(step, input));
  }

  @Override
  public TileOperation forwardLogitsRows(ForwardStep step, TileOperation input) {
    TileOperation attended = attention.forwardLogitsRows(step, input);
    StepRows rows = step.logitsRows();
    return rows.count() == 0 ? attended : feedForward.forward(step, rows, attended);
  }
}
