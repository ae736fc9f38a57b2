package io.nightshift.runtime.model.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.model.ModelFormatException;
import io.nightshift.runtime.model.huggingface.json.JsonFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Reads the chat template of a Hugging Face folder: {@code chat_template.jinja} if it exists,
 * otherwise {@code chat_template} in {@code tokenizer_config.json}. This is a string or a list of
 * named templates, of which {@code default} is used.
 */
final class ChatTemplateFiles {
  private final Path folder;
  private final Optional<JsonFile> tokenizerConfig;

  /**
   * @param tokenizerConfig {@code tokenizer_config.json}, if the folder has one
   */
  ChatTemplateFiles(Path folder, Optional<JsonFile> tokenizerConfig) {
    this.folder = folder;
    this.tokenizerConfig = tokenizerConfig;
  }

  /**
   * @param specialTokens variables that the template may use
   */
  Optional<ChatTemplate> read(Map<String, String> specialTokens) {
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
}
