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
import java.util.Arrays;
import java.util.Base64;
import java.util.List;

/**
 * A tiny random model of one family and what Hugging Face transformers computes with it; both are
 * written by {@code src/test/python/tiny_models.py}, and those with {@code quantization_config} by
 * {@code quantized_models.py}.
 */
public enum TinyModel {
  LLAMA("tiny-llama"),
  LLAMA_ROPE_SCALING("tiny-llama-rope-scaling"),
  LLAMA_BIAS("tiny-llama-bias"),
  MISTRAL("tiny-mistral"),
  QWEN2("tiny-qwen2"),
  QWEN3("tiny-qwen3"),
  LLAMA_YARN("tiny-llama-yarn"),
  LLAMA_DYNAMIC("tiny-llama-dynamic"),
  GEMMA2("tiny-gemma2"),
  GEMMA3("tiny-gemma3"),
  PHI3("tiny-phi3"),
  PHI3_LONGROPE("tiny-phi3-longrope"),
  GRANITE("tiny-granite"),
  OLMO2("tiny-olmo2"),
  SMOLLM3("tiny-smollm3"),
  MIXTRAL("tiny-mixtral"),
  QWEN3_MOE("tiny-qwen3-moe"),
  QWEN3_MOE_DENSE_LAYER("tiny-qwen3-moe-dense-layer"),
  GPT_OSS("tiny-gpt-oss"),
  GPT_OSS_MXFP4("tiny-gpt-oss-mxfp4"),
  LLAMA_FP8_BLOCKS("tiny-llama-fp8-blocks"),
  QWEN2_FP8("tiny-qwen2-fp8"),
  LLAMA_FBGEMM_FP8("tiny-llama-fbgemm-fp8"),
  LLAMA_GPTQ("tiny-llama-gptq"),
  QWEN2_GPTQ_V2("tiny-qwen2-gptq-v2"),
  LLAMA_AWQ("tiny-llama-awq"),
  LLAMA_W4A16("tiny-llama-w4a16"),
  QWEN2_W4A16_ASYMMETRIC("tiny-qwen2-w4a16-asymmetric"),
  QWEN2_W8A16_ASYMMETRIC("tiny-qwen2-w8a16-asymmetric"),
  LLAMA_W8A8("tiny-llama-w8a8"),
  LLAMA_FP8_DYNAMIC("tiny-llama-fp8-dynamic"),
  QWEN2_MIXED("tiny-qwen2-mixed");

  /**
   * A prompt and its answers.
   *
   * @param positions of the tokens whose logits are given
   * @param logits one row for each position
   * @param greedy tokens that follow
   * @param gaps between the two largest logits at each of them
   * @param lastHiddenState of the last token, after the final norm
   * @param meanHiddenState the mean of all tokens' states after the final norm
   * @param routing of the tokens of the prompt, in each layer that has experts
   */
  public record Prompt(
      int[] tokens,
      int[] positions,
      float[][] logits,
      int[] greedy,
      double[] gaps,
      float[] lastHiddenState,
      float[] meanHiddenState,
      List<Routing> routing) {}

  /**
   * Which experts the tokens of a prompt pass in a layer.
   *
   * @param experts of each token, that of the largest score first
   * @param gaps by how much the best of the experts that a token does not pass is below the others,
   *     in the router's scores before softmax
   */
  public record Routing(int layer, int[][] experts, double[] gaps) {}

  private final String directory;

  TinyModel(String directory) {
    this.directory = directory;
  }

  public ModelFiles open() {
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

  public List<Prompt> prompts() {
    try (InputStream json =
        TinyModel.class.getResourceAsStream("/goldens/tiny/" + directory + ".json")) {
      List<Prompt> prompts = new ArrayList<>();
      for (JsonNode node : new ObjectMapper().readTree(json).get("prompts")) {
        int[] positions = integers(node.get("positions"));
        float[] logits = floats(node.get("logits"));
        int vocabulary = logits.length / positions.length;
        float[][] rows = new float[positions.length][];
        Arrays.setAll(rows, i -> Arrays.copyOfRange(logits, i * vocabulary, (i + 1) * vocabulary));
        List<Routing> routing = new ArrayList<>();
        for (JsonNode layer : node.path("routing")) {
          routing.add(routing(layer));
        }
        prompts.add(
            new Prompt(
                integers(node.get("tokens")),
                positions,
                rows,
                integers(node.get("greedy")),
                numbers(node.get("gaps")),
                floats(node.get("lastHiddenState")),
                floats(node.get("meanHiddenState")),
                routing));
      }
      return prompts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Routing routing(JsonNode layer) {
    double[] gaps = numbers(layer.get("gaps"));
    int[] all = integers(layer.get("experts"));
    int each = all.length / gaps.length;
    int[][] experts = new int[gaps.length][];
    Arrays.setAll(experts, t -> Arrays.copyOfRange(all, t * each, (t + 1) * each));
    return new Routing(layer.get("layer").asInt(), experts, gaps);
  }

  private static float[] floats(JsonNode base64) {
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64.asText())).order(ByteOrder.LITTLE_ENDIAN);
    float[] result = new float[bytes.capacity() / Float.BYTES];
    bytes.asFloatBuffer().get(result);
    return result;
  }

  private static double[] numbers(JsonNode array) {
    double[] result = new double[array.size()];
    Arrays.setAll(result, i -> array.get(i).asDouble());
    return result;
  }

  private static int[] integers(JsonNode array) {
    int[] result = new int[array.size()];
    Arrays.setAll(result, i -> array.get(i).asInt());
    return result;
  }
}
