package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.TensorShape;
import io.nightshift.runtime.model.weights.TensorSource;
import java.util.List;
import java.util.Set;

/**
 * Gemma's tensors: weights of norms are stored minus 1, and folders of models with images have the
 * language model under a prefix.
 */
final class GemmaLayout extends PlainLayout {
  private static final String MODEL = "model.";
  private static final String OUTPUT = "lm_head.weight";

  /** Where the language model may be: in transformers before version 5, since then, and alone. */
  private static final List<String> PREFIXES =
      List.of("language_model.model.", "model.language_model.", MODEL);

  private static final List<String> IMAGES =
      List.of(
          "vision_tower.",
          "multi_modal_projector.",
          "model.vision_tower.",
          "model.multi_modal_projector.");

  private final String prefix;
  private final String output;

  GemmaLayout(ModelConfig config, Set<String> stored) {
    super(config);
    prefix =
        PREFIXES.stream()
            .filter(candidate -> stored.contains(candidate + "norm.weight"))
            .findFirst()
            .orElse(MODEL);
    output = stored.contains("language_model." + OUTPUT) ? "language_model." + OUTPUT : OUTPUT;
  }

  @Override
  public TensorSource source(TensorShape shape) {
    String name = shape.name();
    TensorSource stored =
        TensorSource.whole(
            name.startsWith(MODEL) ? prefix + name.substring(MODEL.length()) : output);
    return name.endsWith("norm.weight") ? stored.plus(1) : stored;
  }

  @Override
  public boolean ignorable(String storedName) {
    return super.ignorable(storedName.equals(output) ? OUTPUT : storedName)
        || IMAGES.stream().anyMatch(storedName::startsWith);
  }
}
