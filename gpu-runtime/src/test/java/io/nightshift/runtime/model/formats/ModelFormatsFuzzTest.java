package io.nightshift.runtime.model.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelFolder;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.ModelResources;
import io.nightshift.runtime.model.Tensor;
import io.nightshift.runtime.model.TensorShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Opens some thousand broken copies of real files. Each is either a model all of whose tensors can
 * be read, or a {@link ModelFormatException} that names the file; anything else that comes out, an
 * allocation that a lying header asked for included, is a failure. The time limit is there for
 * endless loops only.
 */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class ModelFormatsFuzzTest {
  private static final long SEED = 20261122;

  @TempDir private Path temporary;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny-llama-bias.gguf",
        "tiny-llama-rope-scaling.gguf",
        "tiny-qwen3.gguf",
        "tiny-gemma3.gguf",
        "tiny-phi3-longrope.gguf",
        "tiny-mixtral.gguf",
        "tiny-gpt-oss-mxfp4.gguf"
      })
  void survivesBrokenGgufFiles(String name) throws IOException {
    Path original = ModelResources.tiny(name);
    fuzz(original, 16_000, 800, temporary.resolve(name), temporary.resolve(name));
  }

  @ParameterizedTest
  @CsvSource({
    "model-00002-of-00003.safetensors, 1000, 800",
    "model.safetensors.index.json, 1800, 500",
    "config.json, 800, 700",
    "generation_config.json, 300, 200",
    "tokenizer_config.json, 300, 200"
  })
  void survivesBrokenFilesInAFolder(String file, int headerLength, int inputs) throws IOException {
    ModelFolder folder = ModelFolder.copyOf("tiny-mistral", temporary.resolve("model"));
    Path original = ModelResources.tiny("tiny-mistral").resolve(file);
    fuzz(original, headerLength, inputs, folder.path().resolve(file), folder.path());
  }

  /** The formats of experts, fused projections and per-layer keys. */
  @ParameterizedTest
  @CsvSource({
    "tiny-gemma3, config.json, 1400, 300",
    "tiny-gemma3, model.safetensors, 6000, 200",
    "tiny-gpt-oss-mxfp4, config.json, 1600, 300",
    "tiny-gpt-oss-mxfp4, model.safetensors, 5000, 300",
    "tiny-gpt-oss, model.safetensors, 5000, 200",
    "tiny-mixtral, config.json, 900, 200",
    "tiny-mixtral, model.safetensors, 5000, 200",
    "tiny-qwen3-moe-dense-layer, config.json, 1000, 200",
    "tiny-phi3-longrope, config.json, 1100, 300",
    "tiny-phi3-longrope, model.safetensors, 2000, 200",
    "tiny-smollm3, config.json, 1000, 200",
    "tiny-granite, config.json, 900, 200",
    "tiny-llama-gptq, config.json, 2000, 300",
    "tiny-llama-gptq, model.safetensors, 6000, 300",
    "tiny-llama-awq, model.safetensors, 5000, 200",
    "tiny-llama-fp8-blocks, config.json, 1000, 300",
    "tiny-llama-fp8-blocks, model.safetensors, 5000, 200",
    "tiny-qwen2-fp8, model.safetensors, 5000, 200",
    "tiny-qwen2-w4a16-asymmetric, config.json, 1500, 300",
    "tiny-qwen2-w4a16-asymmetric, model.safetensors, 6000, 200",
    "tiny-qwen2-mixed, config.json, 3000, 300",
    "tiny-qwen2-mixed, model.safetensors, 5000, 200",
  })
  void survivesBrokenFilesOfEveryLayout(String name, String file, int headerLength, int inputs)
      throws IOException {
    ModelFolder folder = ModelFolder.copyOf(name, temporary.resolve("model"));
    Path original = ModelResources.tiny(name).resolve(file);
    fuzz(original, headerLength, inputs, folder.path().resolve(file), folder.path());
  }

  private static void fuzz(Path original, int headerLength, int inputs, Path broken, Path model)
      throws IOException {
    Mutator mutator = new Mutator(Files.readAllBytes(original), headerLength, SEED);
    int refused = 0;
    for (int input = 0; input < inputs; input++) {
      // A new file each time: the old one may still be mapped, and must not shrink under the map.
      Files.deleteIfExists(broken);
      Files.write(broken, mutator.next());
      try (ModelFiles files = ModelFormats.open(model)) {
        readEverything(files);
      } catch (ModelFormatException e) {
        assertThat(e).hasMessageStartingWith(model.toString());
        refused++;
      } catch (Throwable e) {
        fail("broken " + original.getFileName() + " number " + input + " of seed " + SEED, e);
      }
    }
    assertThat(refused).as("refused of %d", inputs).isGreaterThan(inputs / 4);
  }

  private static void readEverything(ModelFiles files) {
    TensorShape.impliedBy(files.config())
        .forEach(
            shape -> {
              Tensor tensor = files.tensor(shape.name());
              float[] row = new float[tensor.columns()];
              for (int i = 0; i < tensor.rows(); i++) {
                tensor.readRows(i, 1, row, 0);
              }
            });
  }
}
