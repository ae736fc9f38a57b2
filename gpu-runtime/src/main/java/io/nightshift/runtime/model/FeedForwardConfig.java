package io.nightshift.runtime.model;

/** The feed-forward network of a layer: one gated MLP, or a mixture of experts. */
public sealed interface FeedForwardConfig permits GatedMlpConfig, ExpertsConfig {

  /** Width of the MLP, or of each expert. */
  int intermediateSize();

  Activation activation();
}
