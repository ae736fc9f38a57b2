package io.nightshift.runtime.model;

import java.util.Optional;

/**
 * What layers of one model may have different from each other.
 *
 * @param slidingWindow number of most recent positions that a query attends to, including its own;
 *     0 for all (Mistral 7B v0.1: 4096)
 * @param rope rotary embedding; empty if the layer has none (SmolLM3: every fourth layer)
 */
public record LayerConfig(
    int slidingWindow, Optional<RopeConfig> rope, FeedForwardConfig feedForward) {

  /**
   * @throws IllegalArgumentException if the window is negative
   */
  public LayerConfig {
    ModelConfig.require(slidingWindow >= 0, "sliding window %d is negative", slidingWindow);
  }
}
