package io.nightshift.runtime.tokenizer.gguf;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.model.ModelFormatException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What {@code tokenizer.ggml.pre} names: how text is cut into the words that BPE works on. The
 * names are llama.cpp's; the table is the resource {@code pre-tokenizers.json}.
 *
 * @param names as they are in GGUF files
 * @param splits regular expressions; each in turn cuts the words of the one before into its matches
 *     and what lies between
 * @param ignoreMerges whether a word that is in the vocabulary is a token, merges or not
 * @param addBos whether llama.cpp begins texts with the beginning-of-sequence token where the file
 *     does not say
 * @param normalizer Unicode normalization form before all else, where Hugging Face's tokenizer has
 *     one
 */
record PreTokenizer(
    List<String> names,
    List<String> splits,
    boolean ignoreMerges,
    boolean addBos,
    @Nullable String normalizer) {

  private static final Map<String, PreTokenizer> BY_NAME = read();

  /**
   * @throws ModelFormatException if the name is not in the table
   */
  static PreTokenizer named(String name) {
    // llama.cpp reads a file without the name in the same way.
    PreTokenizer found = BY_NAME.get(name.isEmpty() ? "default" : name);
    if (found == null) {
      throw new ModelFormatException(
          "tokenizer.ggml.pre is "
              + name
              + ", a pre-tokenizer that is not supported; supported are "
              + String.join(", ", BY_NAME.keySet()));
    }
    return found;
  }

  private static Map<String, PreTokenizer> read() {
    Map<String, PreTokenizer> byName = new TreeMap<>();
    try (InputStream table = PreTokenizer.class.getResourceAsStream("pre-tokenizers.json")) {
      List<PreTokenizer> all =
          new ObjectMapper().readValue(Objects.requireNonNull(table), new TypeReference<>() {});
      for (PreTokenizer entry : all) {
        entry.names().forEach(name -> byName.put(name, entry));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("pre-tokenizers.json", e);
    }
    return byName;
  }
}
