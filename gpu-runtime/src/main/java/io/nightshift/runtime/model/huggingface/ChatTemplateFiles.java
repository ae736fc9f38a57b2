package io.nightshift.runtime.model.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.model.ModelFormatException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the chat template of a Hugging Face folder: {@code chat_template.jinja} where there is one,
 * else {@code chat_template} in {@code tokenizer_config.json}, which is a string or a list of named
 * templates whose {@code default} is taken.
 */
final class ChatTemplateFiles {
  private static final List<String> SPECIAL_TOKENS =
      List.of("bos_token", "eos_token", "pad_token", "unk_token");

  private final Path folder;
  private final Optional<JsonFile> tokenizerConfig;

  ChatTemplateFiles(Path folder) {
    this.folder = folder;
    this.tokenizerConfig = JsonFile.readIfExists(folder.resolve("tokenizer_config.json"));
  }

  Optional<ChatTemplate> read() {
    Map<String, String> specialTokens = specialTokens();
    return source().map(source -> new ChatTemplate(source, specialTokens));
  }

  private Optional<String> source() {
    Path file = folder.resolve("chat_template.jinja");
    if (!Files.exists(file)) {
      return tokenizerConfig.flatMap(ChatTemplateFiles::templateOf);
    }
    try {
      return Optional.of(Files.readString(file));
    } catch (IOException e) {
      throw new ModelFormatException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  private static Optional<String> templateOf(JsonFile tokenizerConfig) {
    String key = "chat_template";
    Optional<JsonNode> value = tokenizerConfig.value(key);
    if (value.isEmpty() || !value.get().isArray()) {
      return tokenizerConfig.string(key);
    }
    for (JsonNode named : value.get()) {
      if (named.path("name").asText().equals("default") && named.path("template").isTextual()) {
        return Optional.of(named.path("template").textValue());
      }
    }
    throw tokenizerConfig.problem(key, "has several templates, but none is named \"default\"");
  }

  /** Special tokens; older folders have some of them in {@code special_tokens_map.json} only. */
  private Map<String, String> specialTokens() {
    Map<String, String> tokens = new HashMap<>();
    Optional<JsonFile> specialTokensMap =
        JsonFile.readIfExists(folder.resolve("special_tokens_map.json"));
    for (String name : SPECIAL_TOKENS) {
      tokenizerConfig
          .flatMap(file -> specialToken(file, name))
          .or(() -> specialTokensMap.flatMap(file -> specialToken(file, name)))
          .ifPresent(token -> tokens.put(name, token));
    }
    return tokens;
  }

  /** A special token is its text, or an object whose {@code content} is. */
  private static Optional<String> specialToken(JsonFile file, String name) {
    return file.value(name).isPresent() && file.value(name).get().isObject()
        ? file.child(name).map(token -> token.requiredString("content"))
        : file.string(name);
  }
}
