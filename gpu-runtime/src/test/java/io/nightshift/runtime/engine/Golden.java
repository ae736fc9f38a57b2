package io.nightshift.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.sampling.SamplingParameters;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A prompt and what Hugging Face transformers answers to it, as the scripts in {@code
 * src/test/python} have written it.
 *
 * @param text the whole prompt; empty for tiny models, whose prompts are random tokens
 * @param tokens its token ids
 * @param topLogits the five largest logits behind it, as (token, logit); empty for tiny models
 * @param greedy token ids of greedy decoding
 * @param gaps for each of them, the difference of the two largest logits
 * @param answer the text of {@code greedy}; empty except in {@code turns.json}
 * @param choices what was scored behind the prompt, if anything
 */
record Golden(
    String text,
    int[] tokens,
    @JsonProperty("top_logits") double[][] topLogits,
    int[] greedy,
    double[] gaps,
    String answer,
    @Nullable GoldenChoices choices) {

  /** Choices in the user's order, their token ids and normalised probabilities. */
  record GoldenChoices(List<String> texts, int[][] tokens, double[] probabilities) {}

  Golden {
    text = Objects.requireNonNullElse(text, "");
    answer = Objects.requireNonNullElse(answer, "");
    topLogits = Objects.requireNonNullElse(topLogits, new double[0][]);
  }

  private static final ObjectMapper MAPPER =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** The prompts of a file under {@code goldens/}. */
  static List<Golden> read(String name) {
    try (InputStream file = Golden.class.getResourceAsStream("/goldens/" + name)) {
      InputStream stored = Objects.requireNonNull(file, name);
      InputStream json = name.endsWith(".gz") ? new GZIPInputStream(stored) : stored;
      List<Golden> goldens = new ArrayList<>();
      for (JsonNode prompt : MAPPER.readTree(json).path("prompts")) {
        goldens.add(MAPPER.treeToValue(prompt, Golden.class));
      }
      return goldens;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Asks for the tokens of {@link #greedy()}, and for their log probabilities. */
  Request greedyRequest(long id, int maxTokens, boolean ignoreEndOfSequence) {
    SamplingParameters parameters =
        new SamplingParameters(0, 0, 1, 0, 1, 0, maxTokens, List.of(), ignoreEndOfSequence, true);
    return new Request(id, tokens, parameters, Optional.empty());
  }

  /** Asks for the probabilities of {@link #choices()}. */
  Request scoringRequest(long id, Choices tokenized) {
    return new Request(id, tokens, SamplingParameters.greedy(1), Optional.of(tokenized));
  }

  /**
   * Leading tokens of {@link #greedy()} that an implementation must give whose logits differ by
   * less than half of {@code nearTie}: those before the first gap that is smaller.
   */
  int decidedTokens(double nearTie) {
    int decided = 0;
    while (decided < gaps.length && gaps[decided] >= nearTie) {
      decided++;
    }
    return decided;
  }

  /** Checks the tokens before the first near-tie; behind it, the continuation may differ. */
  void assertGreedy(Completion completion, double nearTie) {
    assertThat(completion.errorMessage()).as(text).isNull();
    int compared = decidedTokens(nearTie);
    int[] expected = Arrays.copyOf(greedy, compared);
    int[] decided = Arrays.copyOf(completion.outputTokens(), compared);
    assertThat(decided).as("answer to %s", text).isEqualTo(expected);
  }
}
