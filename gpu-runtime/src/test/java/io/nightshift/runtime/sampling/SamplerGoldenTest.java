package io.nightshift.runtime.sampling;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * Against Hugging Face transformers; {@code src/test/python/make_sampling_golden.py} has made the
 * file.
 */
class SamplerGoldenTest {

  @Test
  void keepsWhatTransformersKeepsWithTheSameProbabilities() throws IOException {
    for (JsonNode golden : golden()) {
      float[] logits = floats(golden.get("logits"));
      int[] context = ints(golden.get("context"));
      SamplingParameters parameters = parameters(golden, golden.get("temperature").doubleValue());
      Sampler sampler = new Sampler(logits.length);
      TokenDistribution distribution = new TokenDistribution(logits.length);
      distribution.fill(
          sampler.adjust(logits, logits.length, parameters, context, context.length),
          logits.length,
          parameters);
      double[] probabilities = distribution.probabilities(logits.length);
      for (int token = 0; token < logits.length; token++) {
        double expected = golden.get("probabilities").path(Integer.toString(token)).asDouble(0);
        assertThat(probabilities[token]).as("%s", parameters).isCloseTo(expected, within(2e-6));
        assertThat(probabilities[token] > 0).as("%s", parameters).isEqualTo(expected > 0);
      }
    }
  }

  @Test
  void takesTheTokenOfGreedySearchAndItsLogprob() throws IOException {
    for (JsonNode golden : golden()) {
      float[] logits = floats(golden.get("logits"));
      int[] context = ints(golden.get("context"));
      SampledToken sampled =
          new Sampler(logits.length)
              .sample(logits, logits.length, parameters(golden, 0), context, context.length, 0);
      assertThat(sampled.token()).isEqualTo(golden.get("greedy").intValue());
      assertThat(sampled.logprob()).isCloseTo(golden.get("logprob").floatValue(), within(1e-5f));
    }
  }

  private static List<JsonNode> golden() throws IOException {
    try (InputStream file =
        Objects.requireNonNull(
            SamplerGoldenTest.class.getResourceAsStream("filtered-distributions.json"))) {
      List<JsonNode> cases = new ArrayList<>();
      new ObjectMapper().readTree(file).forEach(cases::add);
      assertThat(cases).hasSizeGreaterThan(50);
      return cases;
    }
  }

  private static SamplingParameters parameters(JsonNode golden, double temperature) {
    return new SamplingParameters(
        temperature,
        golden.get("topK").intValue(),
        golden.get("topP").doubleValue(),
        golden.get("minP").doubleValue(),
        golden.get("repetitionPenalty").doubleValue(),
        0,
        1,
        List.of(),
        false,
        true);
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).floatValue();
    }
    return values;
  }

  private static int[] ints(JsonNode array) {
    int[] values = new int[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).intValue();
    }
    return values;
  }
}
