package io.nightshift.runtime.model;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;

/**
 * Configuration of a decoder-only transformer, from which all model runners are built: pre-norm
 * layers with grouped-query attention, rotary embedding, a gated MLP and RMS norms.
 *
 * <p>It is read from {@code config.json} of a Hugging Face folder or from the metadata of a GGUF
 * file. Both give the same values for the same model.
 *
 * @param family architecture family; informative only, since every difference between families is a
 *     component of this record
 * @param layers number of transformer layers
 * @param hiddenSize width of the residual stream
 * @param attentionHeads number of query heads
 * @param keyValueHeads number of key and value heads; divides {@code attentionHeads}
 * @param headSize elements per head; {@code attentionHeads * headSize} may differ from {@code
 *     hiddenSize} (Qwen3)
 * @param intermediateSize width of the MLP
 * @param vocabularySize rows of the embedding and of the output projection
 * @param maxPositions maximum context length of the model, in tokens
 * @param normEpsilon epsilon of all RMS norms
 * @param rope rotary embedding
 * @param tiedEmbeddings whether the output projection is the embedding matrix
 * @param queryKeyValueBias whether the query, key and value projections have a bias (Qwen2)
 * @param outputBias whether the attention output projection has a bias (Llama with {@code
 *     attention_bias})
 * @param queryKeyNorm whether each query and key head is RMS-normalized before the rotary embedding
 *     (Qwen3)
 * @param slidingWindow number of most recent positions that a query attends to, including its own;
 *     0 for all (Mistral 7B v0.1: 4096)
 * @param endOfSequenceTokens token ids that end a generation, in the model's order; may be empty
 */
public record ModelConfig(
    ModelFamily family,
    int layers,
    int hiddenSize,
    int attentionHeads,
    int keyValueHeads,
    int headSize,
    int intermediateSize,
    int vocabularySize,
    int maxPositions,
    float normEpsilon,
    RopeConfig rope,
    boolean tiedEmbeddings,
    boolean queryKeyValueBias,
    boolean outputBias,
    boolean queryKeyNorm,
    int slidingWindow,
    Set<Integer> endOfSequenceTokens) {

  /** Maximum head size that is accepted. Actual models have 64 to 256. */
  public static final int MAX_HEAD_SIZE = 1 << 16;

  /**
   * @throws IllegalArgumentException if a value is out of range or values are inconsistent
   */
  public ModelConfig {
    endOfSequenceTokens = Collections.unmodifiableSet(new LinkedHashSet<>(endOfSequenceTokens));
    requirePositive("layers", layers);
    requirePositive("hidden size", hiddenSize);
    requirePositive("attention heads", attentionHeads);
    requirePositive("key and value heads", keyValueHeads);
    requirePositive("head size", headSize);
    requirePositive("intermediate size", intermediateSize);
    requirePositive("vocabulary size", vocabularySize);
    requirePositive("longest context", maxPositions);
    require(
        attentionHeads % keyValueHeads == 0,
        "%d attention heads do not share %d key and value heads evenly",
        attentionHeads,
        keyValueHeads);
    require(headSize <= MAX_HEAD_SIZE, "head size %d is more than %d", headSize, MAX_HEAD_SIZE);
    require(headSize % 2 == 0, "head size %d is odd, rotary embedding needs pairs", headSize);
    require(
        (long) attentionHeads * headSize <= Integer.MAX_VALUE,
        "%d attention heads of size %d are too wide",
        attentionHeads,
        headSize);
    require(
        normEpsilon >= 0 && Float.isFinite(normEpsilon), "norm epsilon %s", (Float) normEpsilon);
    require(
        rope.frequencyFactors().isEmpty() || rope.frequencyFactors().size() == headSize / 2,
        "%d rope frequency factors for heads of size %d",
        rope.frequencyFactors().size(),
        headSize);
    require(slidingWindow >= 0, "sliding window %d is negative", slidingWindow);
    for (int token : endOfSequenceTokens) {
      require(
          token >= 0 && token < vocabularySize,
          "end-of-sequence token %d is not in the vocabulary of %d",
          token,
          vocabularySize);
    }
  }

  private static void requirePositive(String what, int value) {
    require(value > 0, "%s is %d, expected a positive number", what, value);
  }

  private static void require(boolean condition, String problem, Object... arguments) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, problem, arguments));
    }
  }

  /** Number of query heads that share a key and value head. */
  public int queryHeadsPerKeyValueHead() {
    return attentionHeads / keyValueHeads;
  }
}
