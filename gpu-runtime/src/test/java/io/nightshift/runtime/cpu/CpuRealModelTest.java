package io.nightshift.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.config.DataType;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.RealModel;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.runner.Logits;
import io.nightshift.runtime.runner.LogitsRequest;
import io.nightshift.runtime.runner.StepBatch;
import io.nightshift.runtime.runner.StepSequence;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/**
 * SmolLM2-135M in f32 on 112 real prompts, compared with Hugging Face transformers on the same
 * weights ({@code src/test/python/smollm2_goldens.py}).
 */
class CpuRealModelTest {
  private static final int STEP_TOKENS = 512;

  /** The largest logits are 10 to 35. f32 sums in another order differ by this much. */
  private static final double TOLERANCE = 2e-3;

  @Test
  void computesTheLogitsOfHuggingFaceTransformers() throws IOException {
    EngineConfig options =
        EngineConfig.cpu()
            .withDtype(DataType.F32)
            .withThreads(2)
            .withKvCacheTokens(2L * STEP_TOKENS)
            .withMaxStepTokens(STEP_TOKENS);
    try (ModelFiles files = ModelFormats.open(RealModel.smolLm2());
        CpuModelRunner runner = new CpuModelRunner(files, options)) {
      List<JsonNode> waiting = new ArrayList<>();
      int tokens = 0;
      for (JsonNode prompt : prompts()) {
        int length = prompt.get("tokens").size();
        if (tokens + length > STEP_TOKENS) {
          check(runner, waiting);
          waiting.clear();
          tokens = 0;
        }
        waiting.add(prompt);
        tokens += length;
      }
      check(runner, waiting);
    }
  }

  private static void check(CpuModelRunner runner, List<JsonNode> prompts) {
    List<StepSequence> sequences = new ArrayList<>();
    List<LogitsRequest> requests = new ArrayList<>();
    int tokens = 0;
    int nextBlock = 0;
    for (JsonNode prompt : prompts) {
      int[] ids = new int[prompt.get("tokens").size()];
      for (int i = 0; i < ids.length; i++) {
        ids[i] = prompt.get("tokens").get(i).asInt();
      }
      int[] blocks = new int[ids.length / runner.blockSize() + 1];
      for (int i = 0; i < blocks.length; i++) {
        blocks[i] = nextBlock++;
      }
      sequences.add(new StepSequence(ids, ids.length, blocks, null));
      tokens += ids.length;
      requests.add(new LogitsRequest(tokens - 1, null));
    }
    Logits logits = runner.run(new StepBatch(sequences, List.of(), requests));
    float[] row = new float[runner.config().vocabularySize()];
    for (int i = 0; i < prompts.size(); i++) {
      logits.read(i, row);
      for (JsonNode top : prompts.get(i).get("top_logits")) {
        double difference = Math.abs(row[top.get(0).asInt()] - top.get(1).asDouble());
        assertThat(difference).as(prompts.get(i).get("name").asText()).isLessThan(TOLERANCE);
      }
    }
  }

  private static JsonNode prompts() throws IOException {
    try (InputStream file =
            CpuRealModelTest.class.getResourceAsStream("/goldens/smollm2/prompts.json.gz");
        InputStream json = new GZIPInputStream(file)) {
      return new ObjectMapper().readTree(json).get("prompts");
    }
  }
}
