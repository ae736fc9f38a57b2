package io.nightshift.runtime.runner;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.model.ModelFiles;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The reference that runners are compared with computes what Hugging Face transformers does. */
class ReferenceTransformerTest {
  /** Transformers computes in single precision; this is several times what that explains. */
  private static final double TOLERANCE = 2e-4;

  @ParameterizedTest
  @EnumSource
  void computesTheLogitsOfHuggingFaceTransformers(TinyModel model) {
    try (ModelFiles files = model.open()) {
      ReferenceTransformer reference = new ReferenceTransformer(files);
      for (TinyModel.Prompt prompt : model.prompts()) {
        double[][] logits = reference.logits(prompt.tokens());
        for (int i = 0; i < prompt.positions().length; i++) {
          assertClose(logits[prompt.positions()[i]], prompt.logits()[i]);
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void computesTheHiddenStatesOfHuggingFaceTransformers(TinyModel model) {
    try (ModelFiles files = model.open()) {
      ReferenceTransformer reference = new ReferenceTransformer(files);
      for (TinyModel.Prompt prompt : model.prompts()) {
        int length = prompt.tokens().length;
        double[][] states = reference.run(prompt.tokens(), length).hiddenStates();
        assertClose(states[length - 1], prompt.lastHiddenState());
        double[] mean =
            IntStream.range(0, files.config().hiddenSize())
                .mapToDouble(i -> IntStream.range(0, length).mapToDouble(t -> states[t][i]).sum())
                .map(sum -> sum / length)
                .toArray();
        assertClose(mean, prompt.meanHiddenState());
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void choosesTheExpertsOfHuggingFaceTransformers(TinyModel model) {
    try (ModelFiles files = model.open()) {
      ReferenceTransformer reference = new ReferenceTransformer(files);
      for (TinyModel.Prompt prompt : model.prompts()) {
        ReferenceTransformer.Output output = reference.run(prompt.tokens(), prompt.tokens().length);
        assertThat(output.routing().keySet())
            .containsExactlyElementsOf(
                prompt.routing().stream().map(TinyModel.Routing::layer).toList());
        for (TinyModel.Routing expected : prompt.routing()) {
          ReferenceFeedForward.Routing actual =
              requireNonNull(output.routing().get(expected.layer()));
          assertThat(actual.experts()).isDeepEqualTo(expected.experts());
          assertThat(actual.gaps()).containsExactly(expected.gaps(), within(1e-3));
        }
      }
    }
  }

  private static void assertClose(double[] actual, float[] expected) {
    assertThat(actual).hasSameSizeAs(expected);
    for (int i = 0; i < actual.length; i++) {
      assertThat(actual[i]).isCloseTo(expected[i], within(TOLERANCE));
    }
  }
}
