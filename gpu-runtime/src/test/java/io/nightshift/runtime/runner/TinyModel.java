package io.nightshift.runtime.runner;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.formats.ModelFormats;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A tiny random model of one family and what Hugging Face transformers computes with it; both are
 * written by {@code src/test/python/tiny_models.py}.
 */
enum TinyModel {
  LLAMA("tiny-llama"),
  LLAMA_ROPE_SCALING("tiny-llama-rope-scaling"),
  LLAMA_BIAS("tiny-llama-bias"),
  MISTRAL("tiny-mistral"),
  QWEN2("tiny-qwen2"),
  QWEN3("tiny-qwen3");

  /**
   * A prompt and its answers.
   *
   * @param positions of the tokens whose logits are given
   * @param logits one row for each position
   * @param greedy tokens that follow
   * @param gaps between the two largest logits at each of them
   */
  record Prompt(int[] tokens, int[] positions, float[][] logits, int[] greedy, double[] gaps) {}

  private final String directory;

  TinyModel(String directory) {
    this.directory = directory;
  }

  ModelFiles open() {
    URL folder = TinyModel.class.getResource("/models/" + directory + "/config.json");
    if (folder == null) {
      throw new AssertionError("models/" + directory + " is missing from the test resources");
    }
    try {
      Path config = Path.of(folder.toURI());
      return ModelFormats.open(config.resolveSibling(""));
    } catch (URISyntaxException e) {
      throw new AssertionError(e);
    }
  }

  List<Prompt> prompts() {
    try (InputStream json =
        TinyModel.class.getResourceAsStream("/goldens/tiny/" + directory + ".json")) {
      List<Prompt> prompts = new ArrayList<>();
      for (JsonNode node : new ObjectMapper().readTree(json).get("prompts")) {
        int[] positions = integers(node.get("positions"));
        ByteBuffer bytes =
            ByteBuffer.wrap(Base64.getDecoder().decode(node.get("logits").asText()))
                .order(ByteOrder.LITTLE_ENDIAN);
        float[][] logits =
            new float[positions.length][bytes.capacity() / Float.BYTES / positions.length];
        for (float[] row : logits) {
          for (int i = 0; i < row.length; i++) {
            row[i] = bytes.getFloat();
          }
        }
        double[] gaps = new double[node.get("gaps").size()];
        for (int i = 0; i < gaps.length; i++) {
          gaps[i] = node.get("gaps").get(i).asDouble();
        }
        prompts.add(
            new Prompt(
                integers(node.get("tokens")),
                positions,
                logits,
                integers(node.get("greedy")),
                gaps));
      }
      return prompts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int[] integers(JsonNode array) {
    int[] result = new int[array.size()];
    for (int i = 0; i < result.length; i++) {
      result[i] = array.get(i).asInt();
    }
    return result;
  }
}
