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
  /** Choice of experts, copies of their rows, and sums of their outputs. */
  ROUTING,
  /** Gate and up projections of MLPs. */
  GATE_UP,
  /** Activation function of MLPs. */
  ACTIVATION,
  /** Down projection of MLPs. */
  DOWN,
  /** Sums of hidden states. */
  POOLING,
  /** Projection to the vocabulary. */
  LOGITS,
  /** Waiting for other workers. */
  WAIT
}
