package io.nightshift.runtime.model;

/**
 * Constants that a model multiplies its activations by, and the cap of its logits.
 *
 * @param embedding factor of the token embeddings (Gemma: the root of the hidden size; Granite)
 * @param residual factor of the output of attention and of the feed-forward network, before it is
 *     added to the residual stream (Granite)
 * @param logits factor of the logits (Granite: 1 / {@code logits_scaling})
 * @param logitSoftCap logits {@code x} become {@code cap * tanh(x / cap)} (Gemma 2: 30); 0 for none
 */
public record Multipliers(float embedding, float residual, float logits, float logitSoftCap) {
  /** Nothing is multiplied or capped. */
  public static final Multipliers NONE = new Multipliers(1, 1, 1, 0);

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public Multipliers {
    ModelConfig.requirePositive("embedding multiplier", embedding);
    ModelConfig.requirePositive("residual multiplier", residual);
    ModelConfig.requirePositive("factor of the logits", logits);
    ModelConfig.require(
        logitSoftCap >= 0 && Float.isFinite(logitSoftCap),
        "soft cap %s of the logits",
        (Float) logitSoftCap);
  }
}
