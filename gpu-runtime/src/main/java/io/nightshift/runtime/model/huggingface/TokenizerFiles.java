package io.nightshift.runtime.model.huggingface;

import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.TokenizerJson;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the tokenizer files of a Hugging Face folder. */
final class TokenizerFiles {
  private static final List<String> SPECIAL_TOKENS =
      List.of("bos_token", "eos_token", "pad_token", "unk_token");

  private TokenizerFiles() {}

  /**
   * @param config {@code tokenizer_config.json}, if the folder has one
   */
  static TokenizerJson read(Path folder, Optional<JsonFile> config) {
    return new TokenizerJson(
        tokenizerJson(folder),
        specialTokens(folder, config),
        config.flatMap(file -> file.bool("add_bos_token")));
  }

  private static String tokenizerJson(Path folder) {
    Path path = folder.resolve("tokenizer.json");
    if (!Files.exists(path)) {
      throw new ModelFormatException(
          folder
              + ": has no tokenizer.json; write it with transformers:"
              + " AutoTokenizer.from_pretrained(folder).save_pretrained(folder)");
    }
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new ModelFormatException(path + ": cannot be read as UTF-8: " + e.getMessage(), e);
    }
  }

  /** Older folders have some special tokens only in {@code special_tokens_map.json}. */
  private static Map<String, String> specialTokens(Path folder, Optional<JsonFile> config) {
    Map<String, String> tokens = new HashMap<>();
    Optional<JsonFile> specialTokensMap =
        JsonFile.readIfExists(folder.resolve("special_tokens_map.json"));
    for (String name : SPECIAL_TOKENS) {
      config
          .flatMap(file -> specialToken(file, name))
          .or(() -> specialTokensMap.flatMap(file -> specialToken(file, name)))
          .ifPresent(token -> tokens.put(name, token));
    }
    return tokens;
  }

  /** A special token is its text or an object with its text as {@code content}. */
  private static Optional<String> specialToken(JsonFile file, String name) {
    return file.value(name).isPresent() && file.value(name).get().isObject()
        ? file.child(name).map(token -> token.requiredString("content"))
        : file.string(name);
  }
}
