package io.nightshift.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ExpertsConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import io.nightshift.runtime.runner.TinyModel;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Tokens pass the experts that they pass in Hugging Face transformers. */
class CpuRoutingTest {

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.MATCH_ANY,
      names = {"MIXTRAL", "QWEN3_MOE.*", "GPT_OSS.*"})
  void choosesTheExpertsInSinglePrecision(TinyModel model) {
    check(model, DataType.F32, 1e-4);
  }

  /** Scores that are closer may change places when rows and weights are rounded. */
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.MATCH_ANY,
      names = {"MIXTRAL", "QWEN3_MOE.*", "GPT_OSS.*"})
  void choosesTheExpertsThatAreNoNearTieInBf16(TinyModel model) {
    check(model, DataType.BF16, 0.05);
  }

  private static void check(TinyModel model, DataType type, double nearTie) {
    EngineConfig options =
        EngineConfig.cpu()
            .withThreads(2)
            .withBlockSize(8)
            .withKvCacheTokens(128)
            .withMaxStepTokens(128)
            .withDtype(type);
    int compared = 0;
    try (ModelFiles files = model.open();
        CpuModelRunner runner = new CpuModelRunner(files, options)) {
      for (TinyModel.Prompt prompt : model.prompts()) {
        run(runner, prompt.tokens());
        for (TinyModel.Routing expected : prompt.routing()) {
          for (int token = 0; token < prompt.tokens().length; token++) {
            if (expected.gaps()[token] > nearTie) {
              assertThat(experts(runner, expected.layer(), token))
                  .as(
                      "prompt of %s, layer %s, token %s, gap %s",
                      prompt.tokens().length, expected.layer(), token, expected.gaps()[token])
                  .containsExactlyInAnyOrder(expected.experts()[token]);
              compared++;
            }
          }
        }
      }
    }
    assertThat(compared).isGreaterThan(50);
  }

  /** Asks for the logits of all tokens, so that the last layer computes all of them. */
  private static void run(CpuModelRunner runner, int[] tokens) {
    int[] blocks = IntStream.range(0, 16).toArray();
    List<LogitsRequest> requests =
        IntStream.range(0, tokens.length).mapToObj(row -> new LogitsRequest(row, null)).toList();
    StepSequence sequence = new StepSequence(tokens, tokens.length, blocks, null);
    runner.run(new StepBatch(List.of(sequence), List.of(), requests));
  }

  private static int[] experts(CpuModelRunner runner, int layer, int row) {
    ExpertsConfig config = (ExpertsConfig) runner.config().layers().get(layer).feedForward();
    int[] experts = new int[config.expertsPerToken()];
    Arrays.setAll(experts, i -> runner.routing(layer).expert(row * config.expertsPerToken() + i));
    return experts;
  }
}
