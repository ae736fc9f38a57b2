package io.nightshift.job.hub;

/** How much of a model is needed. */
public enum ModelParts {
  /** Configuration and tokenizer: what a plan is made from. */
  WITHOUT_WEIGHTS,
  /** Also the weights' names, types and shapes, so that a job can be checked: no values. */
  WEIGHT_HEADERS,
  /** Everything that answering takes. */
  ALL
}
