package io.nightshift.runtime.model.huggingface.families;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A name of Hugging Face's for a tensor of an expert.
 *
 * @param layer the name's beginning, {@code model.layers.N.}
 * @param expert number of the expert in its layer
 * @param projection {@code gate_proj}, {@code up_proj} or {@code down_proj}
 * @param bias whether it is the bias instead of the weight
 */
record ExpertTensor(String layer, int expert, String projection, boolean bias) {
  private static final Pattern PART =
      Pattern.compile("mlp\\.experts\\.(\\d+)\\.(\\w+)\\.(weight|bias)");

  /** Empty for tensors outside of experts. */
  static Optional<ExpertTensor> of(LayerTensor tensor) {
    Matcher matcher = PART.matcher(tensor.part());
    return matcher.matches()
        ? Optional.of(
            new ExpertTensor(
                tensor.layer(),
                Integer.parseInt(matcher.group(1)),
                matcher.group(2),
                matcher.group(3).equals("bias")))
        : Optional.empty();
  }

  boolean isDown() {
    return projection.equals("down_proj");
  }

  boolean isUp() {
    return projection.equals("up_proj");
  }
}
