package io.nightshift.operators.openai;

import io.nightshift.runtime.sampling.SamplingParameters;
import java.util.List;
import java.util.Optional;

/** Reads how tokens are sampled from a body. */
final class SamplingFields {
  /** The maximum in OpenAI's API. */
  private static final double MAX_TEMPERATURE = 2;

  private static final double SMALLEST_TOP_P = 1e-9;
  private static final double MAX_REPETITION_PENALTY = 10;

  private final BodyFields body;
  private final SamplingParameters defaults;

  SamplingFields(BodyFields body, SamplingParameters defaults) {
    this.body = body;
    this.defaults = defaults;
  }

  /**
   * The parameters.
   *
   * @param topLogprobs number of the most probable tokens at each position; empty if no log
   *     probabilities are asked for
   */
  SamplingParameters read(int maxTokens, Optional<Long> topLogprobs) throws BodyException {
    return new SamplingParameters(
        body.number("temperature", 0, MAX_TEMPERATURE, defaults.temperature()),
        topK(),
        body.number("top_p", SMALLEST_TOP_P, 1, defaults.topP()),
        body.number("min_p", 0, 1, defaults.minP()),
        body.number(
            "repetition_penalty",
            Double.MIN_VALUE,
            MAX_REPETITION_PENALTY,
            defaults.repetitionPenalty()),
        0,
        maxTokens,
        stop(),
        false,
        topLogprobs.isPresent(),
        topLogprobs.orElse(0L).intValue());
  }

  /** -1 and 0 are all tokens. */
  private int topK() throws BodyException {
    return Math.max(
        0,
        body.integer("top_k", -1, Integer.MAX_VALUE).map(Long::intValue).orElse(defaults.topK()));
  }

  private List<String> stop() throws BodyException {
    List<String> stop = body.texts("stop").orElse(defaults.stop());
    if (stop.contains("")) {
      throw BodyException.invalidValue("stop", "has an empty string; remove it");
    }
    return stop;
  }
}
