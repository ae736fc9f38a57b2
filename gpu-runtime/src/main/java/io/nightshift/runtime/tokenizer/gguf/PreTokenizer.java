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
 * The pre-tokenizer that {@code tokenizer.ggml.pre} names: how text is split into the words that
 * BPE is applied to. The names are llama.cpp's; the table is the resource {@code
 * pre-tokenizers.json}.
 *
 * @param names names in GGUF files
 * @param splits regular expressions; each splits the words of the previous one into its matches and
 *     the text between them
 * @param ignoreMerges whether a word that is in the vocabulary is always one token
 * @param addBos whether llama.cpp adds the beginning-of-sequence token by default
 * @param normalizer Unicode normalization form that is applied first, or null if Hugging Face's
 *     tokenizer has none
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
    // As in llama.cpp, a file without a name has the default pre-tokenizer.
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
