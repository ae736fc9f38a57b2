package io.nightshift.runtime.cpu;

/** Stages of a forward pass, which {@link StepProfile} reports. */
public enum ForwardStage {
  /** Block copies, embedding lookup, copies of the logits rows. */
  INPUT,
  /** RMS norms. */
  NORM,
  /** Query, key and value projections. */
  QUERY_KEY_VALUE,
  /** Head norms, rotary embedding, KV cache writes. */
  ROTARY,
  /** Gathering a sequence's keys and values from its blocks. */
  GATHER,
  /** Scores, softmax and weighted values. */
  ATTENTION,
  /** Attention's output projection. */
  ATTENTION_OUTPUT,
  /** Gate and up projections of the MLP. */
  GATE_UP,
  /** Activation function of the MLP. */
  ACTIVATION,
  /** Down projection of the MLP. */
  DOWN,
  /** Sums of hidden states. */
  POOLING,
  /** Projection to the vocabulary. */
  LOGITS,
  /** Waiting for other workers. */
  WAIT
}
