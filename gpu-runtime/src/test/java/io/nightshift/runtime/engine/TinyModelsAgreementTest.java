package io.nightshift.runtime.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.ModelResources;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
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
    List<Golden> goldens = Golden.read("tiny/" + model.replace(".gguf", "") + ".json");
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < goldens.size(); i++) {
      requests.add(goldens.get(i).greedyRequest(i, goldens.get(i).greedy().length, true));
    }
    try (CpuEngines engines = new CpuEngines(ModelResources.tiny(model), 512)) {
      Map<Long, Completion> completions = engines.answer(requests, EngineOptions.defaults());
      for (int i = 0; i < goldens.size(); i++) {
        Completion completion = requireNonNull(completions.get((long) i));
        assertThat(completion.outputTokens()).hasSize(16);
        goldens.get(i).assertGreedy(completion, NEAR_TIE);
      }
    }
  }
}
