package io.nightshift.job.hub;

/** Which parts of a model are needed. */
public enum ModelParts {
  /** Configuration and tokenizer: what a plan is made from. */
  WITHOUT_WEIGHTS,
  /** Also the weights' names, types and shapes, so that a job can be checked: no values. */
  WEIGHT_HEADERS,
  /** Everything that inference needs. */
  ALL
}
