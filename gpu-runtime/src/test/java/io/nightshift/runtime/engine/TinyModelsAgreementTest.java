package io.nightshift.runtime.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.EditedGguf;
import io.nightshift.runtime.model.ModelResources;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Greedy answers of a tiny random model of every family, out of the whole engine, against Hugging
 * Face transformers.
 */
class TinyModelsAgreementTest {

  /** Twice the tolerance of logits in the model runner's contract. */
  private static final double NEAR_TIE = 4e-4;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "tiny-llama",
        "tiny-llama.gguf",
        "tiny-llama-rope-scaling",
        "tiny-llama-rope-scaling.gguf",
        "tiny-llama-bias",
        "tiny-llama-bias.gguf",
        "tiny-mistral",
        "tiny-qwen2",
        "tiny-qwen2.gguf",
        "tiny-qwen3",
        "tiny-qwen3.gguf"
      })
  void greedyTokensAreEqualUpToNearTies(String model) {
    assertAnswersOf(model.replace(".gguf", ""), ModelResources.tiny(model));
  }

  /** Transformers divides positions by the factor; the file tells of it in any of four ways. */
  @ParameterizedTest
  @MethodSource
  void scalesPositionsWhateverKeysSaySo(
      String model, Consumer<EditedGguf> edit, @TempDir Path folder) {
    EditedGguf file = EditedGguf.copyOf(ModelResources.tiny(model + ".gguf"));
    edit.accept(file);
    assertAnswersOf(model, file.write(folder.resolve("edited.gguf")));
  }

  static Stream<Arguments> scalesPositionsWhateverKeysSaySo() {
    String type = "llama.rope.scaling.type";
    String factor = "llama.rope.scaling.factor";
    String old = "llama.rope.scale_linear";
    return Stream.of(
        edit("tiny-llama-bias", "factor alone", file -> file.remove(type)),
        edit("tiny-llama-bias", "old key", file -> file.remove(type).remove(factor).put(old, 2f)),
        edit("tiny-llama-bias", "type and old key", file -> file.remove(factor).put(old, 2f)),
        edit("tiny-llama-bias", "new key wins", file -> file.put(old, 8f)),
        edit("tiny-llama", "factor of an unscaled model", file -> file.put(factor, 1f)),
        edit("tiny-llama", "no factor", file -> file.put(type, "linear")),
        edit("tiny-llama", "factor 0", file -> file.put(type, "linear").put(factor, 0f)),
        edit("tiny-llama", "no scaling", file -> file.put(type, "none").put(factor, 4f)),
        edit("tiny-llama", "no scaling, old key", file -> file.put(type, "none").put(old, 4f)),
        edit("tiny-llama-rope-scaling", "factor of 1", file -> file.put(factor, 1f)));
  }

  private static Arguments edit(String model, String name, Consumer<EditedGguf> edit) {
    return arguments(model, Named.of(name, edit));
  }

  private static void assertAnswersOf(String goldenModel, Path model) {
    List<Golden> goldens = Golden.read("tiny/" + goldenModel + ".json");
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < goldens.size(); i++) {
      requests.add(goldens.get(i).greedyRequest(i, goldens.get(i).greedy().length, true));
    }
    try (CpuEngines engines = new CpuEngines(model, 512)) {
      Map<Long, Completion> completions = engines.answer(requests, EngineConfig.cpu());
      for (int i = 0; i < goldens.size(); i++) {
        Completion completion = requireNonNull(completions.get((long) i));
        assertThat(completion.outputTokens()).hasSize(16);
        goldens.get(i).assertGreedy(completion, NEAR_TIE);
      }
    }
  }
}
