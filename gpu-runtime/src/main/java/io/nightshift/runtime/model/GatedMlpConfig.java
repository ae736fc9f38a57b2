package io.nightshift.runtime.model;

/** One gated MLP without biases, which all tokens pass. */
public record GatedMlpConfig(int intermediateSize, Activation activation)
    implements FeedForwardConfig {

  /**
   * @throws IllegalArgumentException if the width is not positive
   */
  public GatedMlpConfig {
    ModelConfig.requirePositive("intermediate size", intermediateSize);
  }
}
