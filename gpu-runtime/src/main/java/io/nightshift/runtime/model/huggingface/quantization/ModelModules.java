package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.TensorShape;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;

/** The names of a model's modules: the layers of its network, and what they are parts of. */
public final class ModelModules {
  /** An output projection that is the embedding has no tensor, and lists name it all the same. */
  private static final String OUTPUT = "lm_head";

  /** Words in names of parts that are left out, and which a folder's weights may not even have. */
  private static final List<String> LEFT_OUT =
      List.of("vision", "visual", "image", "audio", "multi_modal_projector", "mm_projector", "mtp");

  private final Set<String> names = new HashSet<>();

  /**
   * @param stored names of the tensors in the folder
   */
  public ModelModules(ModelConfig config, Collection<String> stored) {
    names.add(OUTPUT);
    TensorShape.impliedBy(config).forEach(shape -> addModulesOf(shape.name()));
    stored.forEach(this::addModulesOf);
  }

  private void addModulesOf(String tensor) {
    for (int end = tensor.lastIndexOf('.'); end > 0; end = tensor.lastIndexOf('.', end - 1)) {
      if (!names.add(tensor.substring(0, end))) {
        return;
      }
    }
  }

  boolean anyMatch(Predicate<String> condition) {
    return names.stream().anyMatch(condition);
  }

  /** Whether a name is that of a part which is left out. */
  static boolean isLeftOut(String name) {
    String lowerCase = name.toLowerCase(Locale.ROOT);
    return LEFT_OUT.stream().anyMatch(lowerCase::contains);
  }
}
