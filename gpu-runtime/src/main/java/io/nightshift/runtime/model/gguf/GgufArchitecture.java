package io.nightshift.runtime.model.gguf;

import io.nightshift.runtime.model.ModelFamily;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The supported values of {@code general.architecture}, with what llama.cpp knows about each of
 * them and files do not say.
 *
 * @see <a href="https://github.com/ggml-org/llama.cpp/tree/master/src/models">llama.cpp's
 *     architectures</a>
 */
enum GgufArchitecture {
  /** Also Mistral, and Mixtral if it has experts. */
  LLAMA("llama", ModelFamily.LLAMA, Windows.IN_ALL_LAYERS, Features.EXPERTS),
  QWEN2("qwen2", ModelFamily.QWEN2, Windows.IN_ALL_LAYERS),
  QWEN3("qwen3", ModelFamily.QWEN3, Windows.IN_ALL_LAYERS),
  GEMMA2(
      "gemma2",
      ModelFamily.GEMMA2,
      2,
      Features.SOFT_CAPS,
      Features.ATTENTION_SCALE,
      Features.WINDOW_PATTERN),
  GEMMA3(
      "gemma3",
      ModelFamily.GEMMA3,
      6,
      Features.SOFT_CAPS,
      Features.ATTENTION_SCALE,
      Features.WINDOW_PATTERN),
  PHI3("phi3", ModelFamily.PHI3, Windows.IN_ALL_LAYERS, Features.LONGROPE),
  GRANITE(
      "granite", ModelFamily.GRANITE, Windows.NONE, Features.MULTIPLIERS, Features.ATTENTION_SCALE),
  OLMO2("olmo2", ModelFamily.OLMO2, Windows.NONE),
  SMOLLM3("smollm3", ModelFamily.SMOLLM3, Windows.NONE),
  QWEN3_MOE("qwen3moe", ModelFamily.QWEN3_MOE, Windows.NONE, Features.EXPERTS),
  GPT_OSS("gpt-oss", ModelFamily.GPT_OSS, 2, Features.EXPERTS, Features.WINDOW_PATTERN);

  /**
   * Periods of layers: all layers of a period but its last one have a sliding window. As in
   * llama.cpp, 0 and 1 are special cases of this.
   */
  static final class Windows {
    static final int IN_ALL_LAYERS = 0;
    static final int NONE = 1;

    private Windows() {}
  }

  /** Metadata keys, without the architecture's prefix, that only some architectures follow. */
  private static final class Features {
    static final Set<String> EXPERTS =
        Set.of("expert_count", "expert_used_count", "expert_feed_forward_length");
    static final Set<String> SOFT_CAPS =
        Set.of("attn_logit_softcapping", "final_logit_softcapping");
    static final Set<String> ATTENTION_SCALE = Set.of("attention.scale");
    static final Set<String> WINDOW_PATTERN =
        Set.of("attention.sliding_window_pattern", "rope.freq_base_swa");
    static final Set<String> MULTIPLIERS =
        Set.of("embedding_scale", "residual_scale", "logit_scale");
    static final Set<String> LONGROPE = Set.of("rope.scaling.attn_factor");
  }

  private static final Map<String, GgufArchitecture> BY_NAME =
      Arrays.stream(values())
          .collect(
              Collectors.toMap(
                  architecture -> architecture.key,
                  Function.identity(),
                  (a, b) -> a,
                  TreeMap::new));

  private final String key;
  private final ModelFamily family;
  private final int windowPeriod;
  private final Set<String> keys;

  @SafeVarargs
  GgufArchitecture(String key, ModelFamily family, int windowPeriod, Set<String>... features) {
    this.key = key;
    this.family = family;
    this.windowPeriod = windowPeriod;
    Stream<String> window =
        windowPeriod == Windows.NONE ? Stream.of() : Stream.of("attention.sliding_window");
    this.keys =
        Stream.concat(window, Arrays.stream(features).flatMap(Set::stream))
            .collect(Collectors.toUnmodifiableSet());
  }

  static Optional<GgufArchitecture> of(String key) {
    return Optional.ofNullable(BY_NAME.get(key));
  }

  /** Values of {@code general.architecture}, in alphabetical order. */
  static Set<String> names() {
    return BY_NAME.keySet();
  }

  /** The value of {@code general.architecture}, which is the prefix of most metadata keys too. */
  String key() {
    return key;
  }

  /** Family of models without experts; those with experts may have another one. */
  ModelFamily family() {
    return family;
  }

  /** Number of layers after which the layers with a sliding window repeat; see {@link Windows}. */
  int windowPeriod() {
    return windowPeriod;
  }

  /** Keys, without the architecture's prefix, that are followed in addition to those of all. */
  Set<String> keys() {
    return keys;
  }
}
