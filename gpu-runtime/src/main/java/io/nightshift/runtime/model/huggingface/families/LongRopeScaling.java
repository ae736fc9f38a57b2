package io.nightshift.runtime.model.huggingface.families;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.RopeConfig.LongContext;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * LongRoPE (Ding et al., "LongRoPE: Extending LLM context window beyond 2 million tokens", 2024),
 * as in Hugging Face transformers: a divisor for each frequency, with other ones for sequences that
 * are longer than the original context.
 */
final class LongRopeScaling {
  private final JsonFile parameters;
  private final int originalContext;

  LongRopeScaling(JsonFile parameters, int originalContext) {
    this.parameters = parameters;
    this.originalContext = originalContext;
  }

  /**
   * @throws ModelFormatException if a parameter is missing, or a number of divisors is wrong
   */
  RopeConfig apply(RopeConfig unscaled, int maxPositions) {
    int pairs = unscaled.dimensions() / 2;
    return new RopeConfig(
        unscaled.theta(),
        unscaled.dimensions(),
        factors("short_factor", pairs),
        (float) attentionFactor(maxPositions),
        Optional.of(new LongContext(originalContext, factors("long_factor", pairs))));
  }

  private List<Float> factors(String key, int pairs) {
    JsonNode array = parameters.value(key).orElseThrow(() -> parameters.problem(key, "is missing"));
    List<Float> factors = new ArrayList<>();
    for (JsonNode factor : array) {
      if (!factor.isNumber()) {
        throw parameters.problem(key, "has " + factor + ", expected numbers only");
      }
      factors.add(factor.floatValue());
    }
    if (factors.size() != pairs) {
      throw parameters.problem(key, "has %s numbers, expected %s".formatted(factors.size(), pairs));
    }
    return factors;
  }

  private double attentionFactor(int maxPositions) {
    if (parameters.value("attention_factor").isPresent()) {
      return RopeParameters.positive(parameters, "attention_factor");
    }
    double factor =
        parameters.value("factor").isPresent()
            ? RopeParameters.positive(parameters, "factor")
            : (double) maxPositions / originalContext;
    return factor <= 1 ? 1 : Math.sqrt(1 + Math.log(factor) / Math.log(originalContext));
  }
}
