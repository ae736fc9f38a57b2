package io.nightshift.runtime.engine;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.engine.EmbeddingParameters.Pooling;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Embeddings of the small real model out of the whole engine, against the hidden states that
 * Hugging Face transformers computes in f32 with the same weights ({@code
 * src/test/python/smollm2_embedding_goldens.py}).
 */
class EmbeddingAgreementTest {
  private static final double LEAST_COSINE = 0.9999;

  /** A prompt and its hidden states. */
  private record Prompt(String text, int[] tokens, float[] last, float[] mean) {}

  private static final List<Prompt> PROMPTS = read();

  @SuppressWarnings("NullAway.Init")
  private static CpuEngines engines;

  @BeforeAll
  static void open() {
    engines = SmolLm2.open();
  }

  @AfterAll
  static void close() {
    engines.close();
  }

  private static List<Prompt> read() {
    try (InputStream stored =
            requireNonNull(
                EmbeddingAgreementTest.class.getResourceAsStream(
                    "/goldens/smollm2/embeddings.json.gz"));
        InputStream json = new GZIPInputStream(stored)) {
      List<Prompt> prompts = new ArrayList<>();
      ObjectMapper mapper = new ObjectMapper();
      for (JsonNode prompt : mapper.readTree(json).path("prompts")) {
        prompts.add(
            new Prompt(
                prompt.path("text").asText(),
                mapper.treeToValue(prompt.path("tokens"), int[].class),
                floats(prompt.path("last").binaryValue()),
                floats(prompt.path("mean").binaryValue())));
      }
      return prompts;
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static float[] floats(byte[] bytes) {
    FloatBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    float[] values = new float[buffer.remaining()];
    buffer.get(values);
    return values;
  }

  /** In steps that take all prompts, and in steps that cut most prompts into several. */
  @ParameterizedTest
  @CsvSource({"LAST, 512, 0", "MEAN, 512, 0", "LAST, 40, 0", "MEAN, 40, 0", "MEAN, 512, 128"})
  void embeddingsAreThoseOfTransformers(Pooling pooling, int stepTokens, int dimensions) {
    EmbeddingParameters parameters = new EmbeddingParameters(pooling, dimensions, true);
    List<Request> requests = new ArrayList<>();
    for (int i = 0; i < PROMPTS.size(); i++) {
      int[] tokens = PROMPTS.get(i).tokens();
      assertThat(engines.tokenizer().encodePrompt(RenderedPrompt.trusted(PROMPTS.get(i).text())))
          .isEqualTo(tokens);
      requests.add(Request.embedding(i, tokens, parameters));
    }
    Map<Long, Completion> completions =
        engines.answer(requests, EngineConfig.cpu().withMaxStepTokens(stepTokens));
    double least = 1;
    for (int i = 0; i < PROMPTS.size(); i++) {
      Prompt prompt = PROMPTS.get(i);
      float[] expected = pooling == Pooling.LAST ? prompt.last() : prompt.mean();
      float[] embedding = requireNonNull(completions.get((long) i)).embedding();
      assertThat(embedding).hasSize(dimensions == 0 ? expected.length : dimensions);
      least = Math.min(least, cosine(embedding, expected));
    }
    System.out.printf("%s: least cosine to transformers 1 - %.1e%n", pooling, 1 - least);
    assertThat(least).isGreaterThan(LEAST_COSINE);
  }

  /** Of the first elements, as many as the embedding has. */
  private static double cosine(float[] embedding, float[] expected) {
    double product = 0;
    double squares = 0;
    double expectedSquares = 0;
    for (int i = 0; i < embedding.length; i++) {
      product += (double) embedding[i] * expected[i];
      squares += (double) embedding[i] * embedding[i];
      expectedSquares += (double) expected[i] * expected[i];
    }
    return product / Math.sqrt(squares * expectedSquares);
  }
}
