package io.nightshift.runtime.model.huggingface.families;

import java.util.Optional;

/**
 * A name of Hugging Face's for a tensor in a layer.
 *
 * @param layer the name's beginning, {@code model.layers.N.}
 * @param part the rest, {@code self_attn.q_proj.weight}
 */
record LayerTensor(String layer, String part) {
  private static final String PREFIX = "model.layers.";

  /** Empty for tensors outside of the layers. */
  static Optional<LayerTensor> of(String name) {
    if (!name.startsWith(PREFIX)) {
      return Optional.empty();
    }
    int end = name.indexOf('.', PREFIX.length()) + 1;
    return Optional.of(new LayerTensor(name.substring(0, end), name.substring(end)));
  }
}
