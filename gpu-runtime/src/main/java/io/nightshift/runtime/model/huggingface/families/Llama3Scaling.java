package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.RopeConfig;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.ArrayList;
import java.util.List;

/**
 * Llama 3.1's scaling of rotary frequencies, as in Hugging Face transformers: long wavelengths are
 * multiplied by {@code factor}, short ones stay, and those between {@code
 * original_max_position_embeddings / high_freq_factor} and {@code original_max_position_embeddings
 * / low_freq_factor} are interpolated.
 */
final class Llama3Scaling {
  private final double factor;
  private final double low;
  private final double high;
  private final int originalContext;

  /**
   * @throws ModelFormatException if a parameter is missing or out of range
   */
  Llama3Scaling(JsonFile parameters, int originalContext) {
    factor = RopeParameters.positive(parameters, "factor");
    low = RopeParameters.positive(parameters, "low_freq_factor");
    high = RopeParameters.positive(parameters, "high_freq_factor");
    this.originalContext = originalContext;
    if (high <= low) {
      throw parameters.problem(
          "high_freq_factor", high + ", expected more than low_freq_factor, " + low);
    }
  }

  RopeConfig apply(RopeConfig unscaled) {
    List<Float> factors = new ArrayList<>();
    for (float frequency : unscaled.inverseFrequencies()) {
      double periods = originalContext * frequency / (2 * Math.PI);
      double kept = Math.min(1, Math.max(0, (periods - low) / (high - low)));
      factors.add((float) (1 / ((1 - kept) / factor + kept)));
    }
    return RopeConfig.scaled(unscaled.theta(), unscaled.dimensions(), factors);
  }
}
