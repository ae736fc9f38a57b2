package io.nightshift.operators.openai;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** An endpoint of OpenAI's API that lines of a batch file may call. */
public enum Endpoint {
  CHAT_COMPLETIONS("/v1/chat/completions", "chat.completion", "chatcmpl-", "messages"),
  COMPLETIONS("/v1/completions", "text_completion", "cmpl-", "prompt"),
  EMBEDDINGS("/v1/embeddings", "list", "embd-", "input");

  private final String url;
  private final String object;
  private final String idPrefix;
  private final String prompt;

  Endpoint(String url, String object, String idPrefix, String prompt) {
    this.url = url;
    this.object = object;
    this.idPrefix = idPrefix;
    this.prompt = prompt;
  }

  /** The endpoint of a line's {@code url}; empty if there is none. */
  static Optional<Endpoint> of(String url) {
    return Arrays.stream(values()).filter(endpoint -> endpoint.url.equals(url)).findFirst();
  }

  static List<String> urls() {
    return Arrays.stream(values()).map(endpoint -> endpoint.url).toList();
  }

  String url() {
    return url;
  }

  /** The type of its responses: their field {@code object}. */
  String object() {
    return object;
  }

  /** What the ids of its responses begin with. */
  String idPrefix() {
    return idPrefix;
  }

  /** The parameter that has the prompt. */
  String prompt() {
    return prompt;
  }
}
