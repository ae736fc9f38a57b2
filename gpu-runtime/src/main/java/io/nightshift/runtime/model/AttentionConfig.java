package io.nightshift.runtime.model;

/**
 * Attention of all layers: grouped-query attention (Ainslie et al., 2023) of heads of one size.
 *
 * @param heads number of query heads
 * @param keyValueHeads number of key and value heads; divides {@code heads}
 * @param headSize elements per head, even; {@code heads * headSize} may differ from the hidden size
 *     (Qwen3)
 * @param scale factor of the products of queries and keys; usually {@link #defaultScale}
 * @param softCap scores {@code s} become {@code softCap * tanh(s / softCap)} before they are masked
 *     (Gemma 2: 50); 0 for none
 * @param queryKeyValueBias whether the query, key and value projections have a bias (Qwen2)
 * @param outputBias whether the output projection has a bias (Llama with {@code attention_bias})
 * @param queryKeyNorm norm of queries and keys
 * @param sinks whether each query head has a learned score that takes part in the softmax and has
 *     no value (gpt-oss)
 */
public record AttentionConfig(
    int heads,
    int keyValueHeads,
    int headSize,
    float scale,
    float softCap,
    boolean queryKeyValueBias,
    boolean outputBias,
    QueryKeyNorm queryKeyNorm,
    boolean sinks) {

  /** Maximum head size that is accepted. Actual models have 64 to 256. */
  public static final int MAX_HEAD_SIZE = 1 << 16;

  /**
   * @throws IllegalArgumentException if a value is out of range or values are inconsistent
   */
  public AttentionConfig {
    ModelConfig.requirePositive("attention heads", heads);
    ModelConfig.requirePositive("key and value heads", keyValueHeads);
    ModelConfig.requirePositive("head size", headSize);
    ModelConfig.require(
        heads % keyValueHeads == 0,
        "%d attention heads do not share %d key and value heads evenly",
        heads,
        keyValueHeads);
    ModelConfig.require(
        headSize <= MAX_HEAD_SIZE, "head size %d is more than %d", headSize, MAX_HEAD_SIZE);
    ModelConfig.require(
        headSize % 2 == 0, "head size %d is odd, rotary embedding needs pairs", headSize);
    ModelConfig.require(
        (long) heads * headSize <= Integer.MAX_VALUE,
        "%d attention heads of size %d are too wide",
        heads,
        headSize);
    ModelConfig.requirePositive("attention scale", scale);
    ModelConfig.require(
        softCap >= 0 && Float.isFinite(softCap), "soft cap %s of attention", (Float) softCap);
  }

  /** Attention as Llama has it. */
  public static AttentionConfig plain(int heads, int keyValueHeads, int headSize) {
    return new AttentionConfig(
        heads,
        keyValueHeads,
        headSize,
        defaultScale(headSize),
        0,
        false,
        false,
        QueryKeyNorm.NONE,
        false);
  }

  /** The same with another factor of the products of queries and keys. */
  public AttentionConfig withScale(float scale) {
    return new AttentionConfig(
        heads,
        keyValueHeads,
        headSize,
        scale,
        softCap,
        queryKeyValueBias,
        outputBias,
        queryKeyNorm,
        sinks);
  }

  /** The same with capped scores. */
  public AttentionConfig withSoftCap(float softCap) {
    return new AttentionConfig(
        heads,
        keyValueHeads,
        headSize,
        scale,
        softCap,
        queryKeyValueBias,
        outputBias,
        queryKeyNorm,
        sinks);
  }

  /** The same with or without biases of the projections. */
  public AttentionConfig withBiases(boolean queryKeyValueBias, boolean outputBias) {
    return new AttentionConfig(
        heads,
        keyValueHeads,
        headSize,
        scale,
        softCap,
        queryKeyValueBias,
        outputBias,
        queryKeyNorm,
        sinks);
  }

  /** The same with another norm of queries and keys. */
  public AttentionConfig withQueryKeyNorm(QueryKeyNorm queryKeyNorm) {
    return new AttentionConfig(
        heads,
        keyValueHeads,
        headSize,
        scale,
        softCap,
        queryKeyValueBias,
        outputBias,
        queryKeyNorm,
        sinks);
  }

  /** The same with or without learned scores in the softmax. */
  public AttentionConfig withSinks(boolean sinks) {
    return new AttentionConfig(
        heads,
        keyValueHeads,
        headSize,
        scale,
        softCap,
        queryKeyValueBias,
        outputBias,
        queryKeyNorm,
        sinks);
  }

  /** {@code 1 / sqrt(headSize)}. */
  public static float defaultScale(int headSize) {
    return (float) (1 / Math.sqrt(headSize));
  }

  /** Number of query heads that share a key and value head. */
  public int queriesPerKeyValueHead() {
    return heads / keyValueHeads;
  }

  /** Elements of a token's queries. */
  public int queryWidth() {
    return heads * headSize;
  }

  /** Elements of a token's keys, which are as many as those of its values. */
  public int keyWidth() {
    return keyValueHeads * headSize;
  }
}
