package io.nightshift.runtime.model.huggingface.families;

import io.nightshift.runtime.model.ModelConfig;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import io.nightshift.runtime.model.weights.TensorTable;
import java.util.Map;
import java.util.Set;

/** Reads the folders of one family. */
interface FamilyReader {

  /** What the family does with each key of {@code config.json}. */
  ConfigKeys keys();

  /**
   * Values of keys that a file lacks, where they differ from those of Llama. They are those of the
   * family's configuration class in Hugging Face transformers.
   */
  default Map<String, Object> defaults() {
    return Map.of();
  }

  /**
   * The part of {@code config.json} that describes the language model: usually all of it.
   *
   * @throws ModelFormatException if the rest says something that is not followed
   */
  default JsonFile textModel(JsonFile config) {
    return config;
  }

  /**
   * @throws ModelFormatException if a value is missing or inconsistent with others, or the model
   *     needs something that {@link ModelConfig} cannot represent
   * @throws IllegalArgumentException if {@link ModelConfig} finds a value out of range
   */
  ModelConfig read(ConfigValues values);

  /**
   * Where the tensors are.
   *
   * @param stored names of the tensors in the folder
   */
  default TensorTable.Layout layout(ModelConfig config, Set<String> stored) {
    return new PlainLayout(config);
  }
}
