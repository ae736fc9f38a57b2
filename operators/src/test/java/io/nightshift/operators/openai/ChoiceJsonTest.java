package io.nightshift.operators.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.engine.EmbeddingParameters;
import io.nightshift.runtime.engine.EmbeddingParameters.Pooling;
import io.nightshift.runtime.engine.FinishReason;
import io.nightshift.runtime.sampling.SamplingParameters;
import io.nightshift.runtime.sampling.TopLogprobs;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChoiceJsonTest {
  private static final List<String> TOKENS = List.of("a", "ß", "\uFFFD");

  private static JsonNode choice(Endpoint endpoint, boolean reasoning, Completion completion)
      throws IOException {
    SamplingParameters sampling = SamplingParameters.greedy(3).withTopLogprobs(1);
    RequestParameters parameters =
        RequestParameters.text(endpoint, "m", sampling, null, Optional.empty(), 1);
    return new ObjectMapper()
        .readTree(new ChoiceJson(TOKENS::get, reasoning).of(parameters, completion));
  }

  private static Completion text(@Nullable String reasoning) {
    return completion(
        "aß",
        reasoning,
        new int[] {0, 1, 2},
        new float[] {-0.5f, Float.NaN, -1},
        new TopLogprobs(new int[] {0, -1, 1}, new float[] {-0.5f, 0, -0.25f}),
        new float[0]);
  }

  private static Completion completion(
      String text,
      @Nullable String reasoning,
      int[] tokens,
      float[] logprobs,
      TopLogprobs top,
      float[] embedding) {
    return new Completion(
        7,
        text,
        reasoning,
        tokens,
        logprobs,
        top,
        new double[0],
        Map.of(),
        embedding,
        FinishReason.LENGTH,
        3,
        0,
        null,
        null);
  }

  @Test
  void aChatHasTheBytesOfItsTokens() throws IOException {
    JsonNode choice = choice(Endpoint.CHAT_COMPLETIONS, true, text("hm"));
    assertThat(choice.at("/message/content").asText()).isEqualTo("aß");
    assertThat(choice.at("/message/reasoning").asText()).isEqualTo("hm");
    assertThat(choice.path("finish_reason").asText()).isEqualTo("length");
    JsonNode tokens = choice.at("/logprobs/content");
    assertThat(tokens.at("/0/top_logprobs/0/logprob").floatValue()).isEqualTo(-0.5f);
    assertThat(tokens.at("/1/bytes").toString()).isEqualTo("[195,159]");
    assertThat(tokens.at("/1/logprob").asDouble()).as("a token that was not sampled").isZero();
    assertThat(tokens.at("/1/top_logprobs")).isEmpty();
    assertThat(tokens.at("/2/bytes").isNull()).as("a part of a character").isTrue();
  }

  @Test
  void aCompletionHasTheOffsetsOfItsTokens() throws IOException {
    JsonNode logprobs = choice(Endpoint.COMPLETIONS, false, text(null)).path("logprobs");
    assertThat(logprobs.path("text_offset").toString()).isEqualTo("[0,1,2]");
    assertThat(logprobs.path("token_logprobs").toString()).isEqualTo("[-0.5,0.0,-1.0]");
    assertThat(logprobs.at("/top_logprobs/2/ß").floatValue()).isEqualTo(-0.25f);
  }

  @Test
  void anEmbeddingInBase64HasLittleEndianFloats() throws IOException {
    RequestParameters parameters =
        RequestParameters.embedding("m", new EmbeddingParameters(Pooling.LAST, 0, true), true);
    Completion completion =
        completion("", null, new int[0], new float[0], TopLogprobs.NONE, new float[] {0.5f, -2});
    JsonNode embedding =
        new ObjectMapper().readTree(new ChoiceJson(TOKENS::get, false).of(parameters, completion));
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(embedding.path("embedding").asText()))
            .order(ByteOrder.LITTLE_ENDIAN);
    assertThat(List.of(bytes.getFloat(), bytes.getFloat())).containsExactly(0.5f, -2f);
  }
}
