package io.nightshift.runtime.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

public class CacheGroupTest {
  private static final ModelConfig PLAIN = PlainLlama.config(5, 512, 8, 2, 64, 1024, 1000, 256, 1);

  @Test
  void layersWithTheSameWindowAreAGroupAndOneOfAllPositionsIsNone() {
    ModelConfig model = withWindows(PLAIN, 64, 0, 100, 256, 64);

    assertThat(model.cacheGroups())
        .containsExactly(
            new CacheGroup(0, List.of(1, 3)),
            new CacheGroup(100, List.of(2)),
            new CacheGroup(64, List.of(0, 4)));
    assertThat(model.cacheGroup(4)).isEqualTo(2);
    assertThat(PLAIN.cacheGroups()).containsExactly(new CacheGroup(0, List.of(0, 1, 2, 3, 4)));
  }

  /** A model whose layers have these windows. */
  public static ModelConfig withWindows(ModelConfig plain, int... sizes) {
    List<LayerConfig> layers = new ArrayList<>();
    for (int i = 0; i < sizes.length; i++) {
      LayerConfig layer = plain.layers().get(i);
      layers.add(new LayerConfig(sizes[i], layer.rope(), layer.feedForward()));
    }
    return new ModelConfig(
        plain.family(),
        plain.hiddenSize(),
        plain.vocabularySize(),
        plain.maxPositions(),
        plain.attention(),
        layers,
        plain.normPlacement(),
        plain.normEpsilon(),
        plain.multipliers(),
        plain.tiedEmbeddings(),
        plain.endOfSequenceTokens());
  }
}
