package io.nightshift.runtime.cpu;

/** The parts of a step that {@link StepProfile} tells apart. */
public enum ForwardStage {
  /** Embedding rows, block copies, gathering of rows. */
  INPUT,
  /** RMS norms. */
  NORM,
  /** Query, key and value projections. */
  QUERY_KEY_VALUE,
  /** Rotary embedding, head norms, writing to the KV cache. */
  ROTARY,
  /** Gathering a sequence's keys and values from its blocks. */
  GATHER,
  /** Scores, softmax and weighted values. */
  ATTENTION,
  /** Attention's output projection. */
  ATTENTION_OUTPUT,
  /** Gate and up projections of the feed-forward network. */
  GATE_UP,
  /** The feed-forward network's activation. */
  ACTIVATION,
  /** Down projection of the feed-forward network. */
  DOWN,
  /** Output projection to the vocabulary. */
  LOGITS,
  /** Waiting for other workers. */
  WAIT
}
