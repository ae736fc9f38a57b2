package io.nightshift.job.hub;

/** How much of a model is needed. */
public enum ModelParts {
  /** Configuration and tokenizer: what a plan is made from. */
  WITHOUT_WEIGHTS,
  /** Everything that answering takes. */
  ALL
}
