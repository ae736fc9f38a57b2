package io.nightshift.operators.infer;

/**
 * What an engine computes on, for human readers.
 *
 * @param device {@code cpu}, or {@code GPU 0 (NVIDIA H200)}
 * @param dtype of the weights
 */
public record EngineDescription(String device, String dtype) {
  /** An engine that computes on no device of its own. */
  static final EngineDescription NONE = new EngineDescription("none", "none");
}
