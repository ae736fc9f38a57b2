package io.nightshift.runtime.model;

import java.util.Optional;
import java.util.regex.Pattern;

/** All linear layers of decoder layers in one encoding, as most quantized checkpoints have them. */
public record LayerEncodings(Quantization encoding) implements TensorEncodings {
  private static final Pattern LINEAR = Pattern.compile("model\\.layers\\..*_proj\\.weight");

  @Override
  public Optional<Quantization> of(String tensor) {
    return LINEAR.matcher(tensor).matches() ? Optional.of(encoding) : Optional.empty();
  }
}
