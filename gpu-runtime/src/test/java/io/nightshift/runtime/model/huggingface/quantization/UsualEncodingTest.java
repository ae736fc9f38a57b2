package io.nightshift.runtime.model.huggingface.quantization;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.Quantization;
import io.nightshift.runtime.model.TensorEncodings;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.runner.TinyModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Descriptions of folders say how their tensors are stored: exactly, and without the weights. */
class UsualEncodingTest {
  private static final String TENSOR = "model.layers.0.mlp.gate_proj.weight";

  @TempDir Path folder;

  static Stream<TinyModel> quantizedFolders() {
    return Stream.of(TinyModel.values())
        .filter(model -> model != TinyModel.QWEN2_MIXED)
        .filter(UsualEncodingTest::isQuantizedFolder);
  }

  private static boolean isQuantizedFolder(TinyModel model) {
    try (ModelFiles files = model.open()) {
      return Files.isDirectory(files.path())
          && files.quantization().isPresent()
          && TensorEncodings.of(files).of(TENSOR).isPresent();
    } catch (RuntimeException e) {
      return false; // It has experts.
    }
  }

  @ParameterizedTest
  @MethodSource("quantizedFolders")
  void isKnownWithAndWithoutTheWeights(TinyModel model) throws IOException {
    try (ModelFiles files = model.open()) {
      Quantization stored = TensorEncodings.of(files).of(TENSOR).orElseThrow();
      for (String name : List.of("config.json", "tokenizer.json", "tokenizer_config.json")) {
        if (Files.exists(files.path().resolve(name))) {
          Files.copy(files.path().resolve(name), folder.resolve(name));
        }
      }

      ModelDescription whole = ModelFormats.describe(files.path());
      ModelDescription without = ModelFormats.describe(folder);

      assertSame(whole.encodings().of(TENSOR).orElseThrow(), stored, files);
      assertSame(without.encodings().of(TENSOR).orElseThrow(), stored, files);
      assertThat(without.encodings().of("model.embed_tokens.weight")).isEmpty();
    }
  }

  private static void assertSame(Quantization actual, Quantization stored, ModelFiles files) {
    int columns = files.config().hiddenSize();
    assertThat(actual.codes()).isEqualTo(stored.codes());
    assertThat(actual.groupCount(columns)).isEqualTo(stored.groupCount(columns));
  }
}
