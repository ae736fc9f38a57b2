package io.nightshift.runtime.model;

/**
 * A mixture of experts (Shazeer et al., "Outrageously large neural networks", 2017): a linear
 * router scores the experts for each token, the token passes the {@code expertsPerToken} gated MLPs
 * with the highest scores, and their outputs are summed with the scores' softmax as weights.
 *
 * @param experts number of experts
 * @param expertsPerToken number of experts that a token passes
 * @param intermediateSize width of each expert
 * @param normalized whether the weights of a token's experts sum to 1: the softmax over the chosen
 *     experts' scores (Mixtral, gpt-oss, Qwen3 with {@code norm_topk_prob}). Otherwise they are
 *     their part of the softmax over the scores of all experts
 * @param bias whether the router and all projections of the experts have biases (gpt-oss)
 */
public record ExpertsConfig(
    int experts,
    int expertsPerToken,
    int intermediateSize,
    Activation activation,
    boolean normalized,
    boolean bias)
    implements FeedForwardConfig {

  /** Maximum number of experts of a layer. Actual models have 8 to 512. */
  public static final int MAX_EXPERTS = 1024;

  /**
   * @throws IllegalArgumentException if a value is out of range
   */
  public ExpertsConfig {
    ModelConfig.requirePositive("intermediate size of an expert", intermediateSize);
    ModelConfig.requirePositive("experts", experts);
    ModelConfig.requirePositive("experts per token", expertsPerToken);
    ModelConfig.require(
        experts <= MAX_EXPERTS, "%d experts are more than %d", experts, MAX_EXPERTS);
    ModelConfig.require(
        expertsPerToken <= experts, "%d experts per token of %d", expertsPerToken, experts);
  }
}
