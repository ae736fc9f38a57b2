package io.nightshift.runtime.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.model.AttentionConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.GatedMlpConfig;
import io.nightshift.runtime.model.LayerConfig;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.RandomModel;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sums in closed form against counting one token after the other, on random models. */
class StepOperationsTest {

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void countsWhatEachTokenAttendsTo(long seed) {
    Random random = new Random(seed);
    ModelConfig config = new RandomModel(seed).config();
    StepOperations operations = new StepOperations(config);
    long attended = 0;
    for (int step = 0; step < 20; step++) {
      List<StepSequence> sequences = new ArrayList<>();
      List<LogitsRequest> logits = new ArrayList<>();
      int first = 0;
      for (int i = 0; i < 1 + random.nextInt(4); i++) {
        int context = 1 + random.nextInt(60);
        int tokens = 1 + random.nextInt(context);
        sequences.add(new StepSequence(new int[tokens], context, new int[8], null));
        boolean read = random.nextBoolean();
        if (read) {
          logits.add(new LogitsRequest(first + tokens - 1, null));
        }
        for (int index = context - tokens; index < context; index++) {
          attended += attended(config, index, read && index == context - 1);
        }
        first += tokens;
      }
      operations.add(new StepBatch(sequences, List.of(), logits));
    }

    AttentionConfig attention = config.attention();
    assertThat(operations.attention())
        .isEqualTo(4.0 * attention.heads() * attention.headSize() * attended);
  }

  private static long attended(ModelConfig config, int index, boolean read) {
    long attended = 0;
    for (int layer = 0; layer < config.layerCount() - (read ? 0 : 1); layer++) {
      int window = config.layers().get(layer).slidingWindow();
      attended += window == 0 ? index + 1 : Math.min(window, index + 1);
    }
    return attended;
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void countsTheWeightsThatATokenPasses(long seed) {
    ModelConfig config = new RandomModel(seed).config();
    AttentionConfig attention = config.attention();
    long hidden = config.hiddenSize();
    long weights = 0;
    for (LayerConfig layer : config.layers()) {
      weights += 2 * hidden * (attention.queryWidth() + attention.keyWidth());
      if (layer.feedForward() instanceof GatedMlpConfig mlp) {
        weights += 3 * hidden * mlp.intermediateSize();
      } else if (layer.feedForward() instanceof ExpertsConfig experts) {
        weights += hidden * experts.experts();
        weights += 3 * hidden * experts.intermediateSize() * experts.expertsPerToken();
      }
    }

    assertThat(new StepOperations(config).linear(10)).isCloseTo(2.0 * 10 * weights, within(1e-6));
  }
}
