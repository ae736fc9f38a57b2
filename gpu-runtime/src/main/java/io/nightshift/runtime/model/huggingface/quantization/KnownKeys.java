package io.nightshift.runtime.model.huggingface.quantization;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.util.Collection;

/** Refuses keys that may say something which is not followed. */
final class KnownKeys {
  private KnownKeys() {}

  /**
   * @throws ModelFormatException if a key that is not null is not one of {@code known}
   */
  static void require(JsonFile file, String scheme, Collection<String> known) {
    for (String key : file.keys()) {
      if (file.value(key).isPresent() && !known.contains(key)) {
        throw file.problem(
            key, "is not known for %s; it may change what the weights are".formatted(scheme));
      }
    }
  }
}
