package io.nightshift.operators.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Parameters that nothing in an offline run depends on, or that are not honored but have a value
 * that asks for nothing.
 */
final class NeutralFields {
  private static final Predicate<JsonNode> ANY = value -> true;
  private static final Predicate<JsonNode> FALSE = value -> value.isBoolean() && !value.asBoolean();
  private static final Predicate<JsonNode> TRUE = value -> value.isBoolean() && value.asBoolean();
  private static final Predicate<JsonNode> ZERO =
      value -> value.isNumber() && value.doubleValue() == 0;
  private static final Predicate<JsonNode> EMPTY =
      value -> value.isContainerNode() && value.isEmpty();

  private static final Map<String, Predicate<JsonNode>> NEUTRAL =
      Map.ofEntries(
          Map.entry("user", ANY),
          Map.entry("metadata", ANY),
          Map.entry("safety_identifier", ANY),
          Map.entry("prompt_cache_key", ANY),
          Map.entry("store", FALSE),
          Map.entry("stream", FALSE),
          Map.entry("echo", FALSE),
          Map.entry("ignore_eos", FALSE),
          Map.entry("continue_final_message", FALSE),
          Map.entry("add_generation_prompt", TRUE),
          Map.entry("parallel_tool_calls", TRUE),
          Map.entry("skip_special_tokens", TRUE),
          Map.entry("presence_penalty", ZERO),
          Map.entry("frequency_penalty", ZERO),
          Map.entry("min_tokens", ZERO),
          Map.entry("best_of", value -> value.isIntegralNumber() && value.longValue() == 1),
          Map.entry("logit_bias", EMPTY),
          Map.entry("service_tier", value -> isOneOf(value, "auto", "default")),
          Map.entry(
              "modalities",
              value -> value.isArray() && value.size() == 1 && isOneOf(value.get(0), "text")));

  private static final Map<String, String> REMEDIES =
      Map.of(
          "presence_penalty", "leave it 0, or use repetition_penalty",
          "frequency_penalty", "leave it 0, or use repetition_penalty",
          "stream", "responses are written to a file; remove it",
          "store", "responses are written to a file; remove it",
          "echo", "responses do not repeat the prompt; remove it");

  private NeutralFields() {}

  private static boolean isOneOf(JsonNode value, String... texts) {
    return value.isTextual() && List.of(texts).contains(value.textValue());
  }

  /** Whether a parameter that is not read may have this value. */
  static boolean isNeutral(String key, JsonNode value) {
    return NEUTRAL.getOrDefault(key, other -> false).test(value);
  }

  /** What to do about a parameter that has another value. */
  static Optional<String> remedy(String key) {
    return Optional.ofNullable(REMEDIES.get(key));
  }
}
