package io.nightshift.runtime.model.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.within;

import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.ModelResources;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.TokenizerJson;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.recursive.comparison.RecursiveComparisonConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelFormatsTest {
  private static final RecursiveComparisonConfiguration UP_TO_ROUNDING =
      RecursiveComparisonConfiguration.builder()
          .withComparatorForType((a, b) -> Math.abs(a - b) <= 1e-6f * b ? 0 : 1, Float.class)
          .build();

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny-llama",
        "tiny-llama-rope-scaling",
        "tiny-llama-bias",
        "tiny-qwen2",
        "tiny-qwen3",
        "tiny-llama-yarn",
        "tiny-gemma2",
        "tiny-gemma3",
        "tiny-phi3",
        "tiny-phi3-longrope",
        "tiny-granite",
        "tiny-olmo2",
        "tiny-smollm3",
        "tiny-mixtral",
        "tiny-qwen3-moe",
        "tiny-gpt-oss-mxfp4"
      })
  void bothFormatsGiveTheSameModel(String name) {
    try (ModelFiles huggingFace = ModelFormats.open(ModelResources.tiny(name));
        ModelFiles gguf = ModelFormats.open(ModelResources.tiny(name + ".gguf"))) {
      // The frequency factors of the rope scaling are rounded differently.
      assertThat(gguf.config())
          .usingRecursiveComparison(UP_TO_ROUNDING)
          .isEqualTo(huggingFace.config());
      assertThat(huggingFace.chatTemplate()).isPresent().isEqualTo(gguf.chatTemplate());
      assertThat(huggingFace.tokenizerSource()).isInstanceOf(TokenizerJson.class);
      assertThat(gguf.tokenizerSource()).isInstanceOf(GgufVocabulary.class);
      TensorShape.impliedBy(huggingFace.config())
          .forEach(shape -> assertSameTensor(huggingFace, gguf, shape));
    }
  }

  private static void assertSameTensor(ModelFiles expected, ModelFiles actual, TensorShape shape) {
    Tensor tensor = actual.tensor(shape.name());
    assertThat(List.of(tensor.rows(), tensor.columns()))
        .isEqualTo(List.of(shape.rows(), shape.columns()));
    assertThat(allRows(tensor)).as(shape.name()).isEqualTo(allRows(expected.tensor(shape.name())));
    for (int row = 0; row < tensor.rows(); row++) {
      assertThat(tensor.rawRow(row).remaining())
          .isEqualTo((int) tensor.type().bytes(tensor.columns()));
    }
  }

  private static float[] allRows(Tensor tensor) {
    float[] values = new float[tensor.rows() * tensor.columns()];
    tensor.readRows(0, tensor.rows(), values, 0);
    return values;
  }

  @Test
  void llama3ScalingLeavesShortWavesAndStretchesLongOnes() {
    try (ModelFiles model = ModelFormats.open(ModelResources.tiny("tiny-llama-rope-scaling"))) {
      ModelConfig config = model.config();
      // Wave lengths 6.3, 32.4, 167, ... with an original context of 32: only the first is short.
      assertThat(config.layers().get(0).rope().orElseThrow().frequencyFactors())
          .hasSize(8)
          .startsWith(1f)
          .endsWith(8f);
      float[] frequencies = config.layers().get(0).rope().orElseThrow().inverseFrequencies();
      assertThat(frequencies[0]).isEqualTo(1f);
      assertThat(frequencies[7])
          .isCloseTo((float) Math.pow(500_000, -14 / 16.0) / 8, within(1e-11f));
    }
  }

  @Test
  void readsShardedWeights() {
    try (ModelFiles model = ModelFormats.open(ModelResources.tiny("tiny-mistral"))) {
      assertThat(model.config().layers().get(0).slidingWindow()).isEqualTo(9);
      assertThat(model.tensor("model.layers.1.mlp.down_proj.weight").rows()).isEqualTo(48);
      assertThat(model.tensor("lm_head.weight").rows()).isEqualTo(331);
    }
  }

  @Test
  void namesATensorThatTheModelDoesNotHave() {
    try (ModelFiles model = ModelFormats.open(ModelResources.tiny("tiny-llama"))) {
      assertThatExceptionOfType(ModelFormatException.class)
          .isThrownBy(() -> model.tensor("model.layers.3.input_layernorm.weight"))
          .withMessageContaining("\"model.layers.3.input_layernorm.weight\"");
    }
  }

  @Test
  void checksTheRangeOfRows() {
    try (ModelFiles model = ModelFormats.open(ModelResources.tiny("tiny-llama"))) {
      Tensor tensor = model.tensor("model.embed_tokens.weight");
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> tensor.readRows(331, 1, new float[48], 0));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> tensor.readRows(0, 2, new float[95], 0));
      assertThatExceptionOfType(IndexOutOfBoundsException.class)
          .isThrownBy(() -> tensor.rawRow(-1));
    }
  }

  @Test
  void namesAPathThatDoesNotExist() {
    assertThatExceptionOfType(ModelFormatException.class)
        .isThrownBy(() -> ModelFormats.open(folder.resolve("nothing")))
        .withMessageContaining("does not exist; expected a Hugging Face model folder or a .gguf");
  }
}
