package io.nightshift.runtime.model;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Configuration of a decoder-only transformer, from which all model runners are built: a token
 * embedding, layers of attention and a feed-forward network around a residual stream, a final RMS
 * norm, and a projection to logits.
 *
 * <p>It is read from {@code config.json} of a Hugging Face folder or from the metadata of a GGUF
 * file. Both give the same values for the same model.
 *
 * @param family architecture family; informative only, since every difference between families is a
 *     component of this record
 * @param hiddenSize width of the residual stream
 * @param vocabularySize rows of the embedding and of the output projection
 * @param maxPositions maximum context length of the model, in tokens
 * @param attention what attention of all layers has in common
 * @param layers the layers, in their order
 * @param normPlacement norms of a layer
 * @param normEpsilon epsilon of all RMS norms
 * @param multipliers constant factors
 * @param tiedEmbeddings whether the output projection is the embedding matrix
 * @param endOfSequenceTokens token ids that end a generation, in the model's order; may be empty
 * @param logitsColumns rows of the output projection: the vocabulary, or a share of it if the model
 *     is one tensor-parallel rank's shard of another
 */
public record ModelConfig(
    ModelFamily family,
    int hiddenSize,
    int vocabularySize,
    int maxPositions,
    AttentionConfig attention,
    List<LayerConfig> layers,
    NormPlacement normPlacement,
    float normEpsilon,
    Multipliers multipliers,
    boolean tiedEmbeddings,
    Set<Integer> endOfSequenceTokens,
    int logitsColumns) {

  /** Maximum number of layers that is accepted. Actual models have 16 to 200. */
  public static final int MAX_LAYERS = 4096;

  /**
   * @throws IllegalArgumentException if a value is out of range or values are inconsistent
   */
  public ModelConfig {
    layers = List.copyOf(layers);
    endOfSequenceTokens = Collections.unmodifiableSet(new LinkedHashSet<>(endOfSequenceTokens));
    requirePositive("hidden size", hiddenSize);
    requirePositive("vocabulary size", vocabularySize);
    requirePositive("longest context", maxPositions);
    requirePositive("columns of logits", logitsColumns);
    requireLayerCount(layers.size());
    require(
        normEpsilon >= 0 && Float.isFinite(normEpsilon), "norm epsilon %s", (Float) normEpsilon);
    for (LayerConfig layer : layers) {
      layer.rope().ifPresent(rope -> requireFits(rope, attention.headSize()));
    }
    require(
        originalPositions(layers).distinct().count() <= 1,
        "layers have different original contexts: %s",
        originalPositions(layers).toList());
    for (int token : endOfSequenceTokens) {
      require(
          token >= 0 && token < vocabularySize,
          "end-of-sequence token %d is not in the vocabulary of %d",
          token,
          vocabularySize);
    }
  }

  /** A whole model. */
  public ModelConfig(
      ModelFamily family,
      int hiddenSize,
      int vocabularySize,
      int maxPositions,
      AttentionConfig attention,
      List<LayerConfig> layers,
      NormPlacement normPlacement,
      float normEpsilon,
      Multipliers multipliers,
      boolean tiedEmbeddings,
      Set<Integer> endOfSequenceTokens) {
    this(
        family,
        hiddenSize,
        vocabularySize,
        maxPositions,
        attention,
        layers,
        normPlacement,
        normEpsilon,
        multipliers,
        tiedEmbeddings,
        endOfSequenceTokens,
        vocabularySize);
  }

  /**
   * Checks a number of layers, which a reader does before it describes them one by one.
   *
   * @throws IllegalArgumentException if it is out of range
   */
  public static void requireLayerCount(int layers) {
    requirePositive("layers", layers);
    require(layers <= MAX_LAYERS, "%d layers are more than %d", layers, MAX_LAYERS);
  }

  private static void requireFits(RopeConfig rope, int headSize) {
    require(
        rope.dimensions() <= headSize,
        "%d elements of heads of size %d rotate",
        rope.dimensions(),
        headSize);
  }

  static void requirePositive(String what, int value) {
    require(value > 0, "%s is %d, expected a positive number", what, value);
  }

  static void requirePositive(String what, float value) {
    require(
        value > 0 && Float.isFinite(value),
        "%s is %s, expected a positive number",
        what,
        (Float) value);
  }

  static void require(boolean condition, String problem, Object... arguments) {
    if (!condition) {
      throw new IllegalArgumentException(String.format(Locale.ROOT, problem, arguments));
    }
  }

  private static Stream<Integer> originalPositions(List<LayerConfig> layers) {
    return layers.stream()
        .flatMap(layer -> layer.rope().stream())
        .flatMap(rope -> rope.longContext().stream())
        .map(RopeConfig.LongContext::originalPositions);
  }

  /** The same model, whose output projection is the embedding matrix. */
  public ModelConfig withTiedEmbeddings() {
    return new ModelConfig(
        family,
        hiddenSize,
        vocabularySize,
        maxPositions,
        attention,
        layers,
        normPlacement,
        normEpsilon,
        multipliers,
        true,
        endOfSequenceTokens,
        logitsColumns);
  }

  /**
   * Whether this is one tensor-parallel rank's shard of a model: what its attention and
   * feed-forward networks add to the residual stream are partial sums.
   */
  public boolean isShard() {
    return shards() > 1;
  }

  /** Number of ranks that share the model this is a shard of; 1 for a whole model. */
  public int shards() {
    return (vocabularySize + logitsColumns - 1) / logitsColumns;
  }

  /** Number of layers. */
  public int layerCount() {
    return layers.size();
  }

  /**
   * The layers by their sliding windows: those without a window first, then the widest one. A
   * window of all positions that the model has is none.
   */
  public List<CacheGroup> cacheGroups() {
    return IntStream.range(0, layers.size())
        .mapToObj(this::window)
        .distinct()
        .sorted(Comparator.comparingInt(window -> window == 0 ? Integer.MIN_VALUE : -window))
        .map(window -> new CacheGroup(window, layersOf(window)))
        .toList();
  }

  /** Index of a layer's group in {@link #cacheGroups}. */
  public int cacheGroup(int layer) {
    List<CacheGroup> groups = cacheGroups();
    return IntStream.range(0, groups.size())
        .filter(group -> groups.get(group).layers().contains(layer))
        .findFirst()
        .orElseThrow();
  }

  private int window(int layer) {
    int window = layers.get(layer).slidingWindow();
    return window >= maxPositions ? 0 : window;
  }

  private List<Integer> layersOf(int window) {
    return IntStream.range(0, layers.size())
        .filter(layer -> window(layer) == window)
        .boxed()
        .toList();
  }

  /** Whether layers have other rotary factors for long sequences. */
  public boolean hasLongContext() {
    return originalPositions(layers).findAny().isPresent();
  }

  /**
   * Whether a sequence has the rotary factors of long sequences (LongRoPE). They are chosen once
   * for a sequence, because its keys stay in the cache as they were rotated. Hugging Face
   * transformers changes over in the middle of an answer and keeps the keys before as they are.
   *
   * @param tokens number of tokens of its prompt and of its longest possible output together
   */
  public boolean isLongContext(long tokens) {
    return originalPositions(layers).anyMatch(original -> tokens > original);
  }
}
