package io.nightshift.runtime.cuda;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.PlainLlama;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class AttentionWindowsTest {
  private static final ModelConfig PLAIN = PlainLlama.config(5, 512, 8, 2, 64, 1024, 1000, 256, 1);

  @Test
  void layersShareWindowsAndOneOfAllPositionsIsNone() {
    AttentionWindows windows = AttentionWindows.of(withWindows(PLAIN, 64, 0, 64, 256, 300));

    assertThat(windows.sizes()).containsExactly(64, 0);
    assertThat(windows.indexOf(0)).isZero();
    assertThat(windows.indexOf(1)).isEqualTo(1);
    assertThat(windows.indexOf(2)).isZero();
    assertThat(windows.indexOf(3)).isEqualTo(1);
    assertThat(windows.last()).isEqualTo(1);
  }

  /** A model whose layers have these windows. */
  static ModelConfig withWindows(ModelConfig plain, int... sizes) {
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
