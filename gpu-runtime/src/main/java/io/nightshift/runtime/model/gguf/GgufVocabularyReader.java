package io.nightshift.runtime.model.gguf;

import io.nightshift.runtime.model.ChatTemplate;
import io.nightshift.runtime.model.GgufVocabulary;
import io.nightshift.runtime.model.ModelFormatException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Reads vocabulary, chat template and end-of-sequence tokens of a GGUF file. */
final class GgufVocabularyReader {
  private static final String PREFIX = "tokenizer.ggml.";
  private static final int CONTROL_TOKEN = 3;

  /** Keys of the tokens that end a generation: the end of a text, a turn or a message. */
  private static final List<String> END_KEYS =
      List.of("eos_token_id", "eot_token_id", "eom_token_id");

  private static final List<String> UNSUPPORTED_ARRAYS =
      List.of("precompiled_charsmap", "suppress_tokens");

  private static final List<String> UNSUPPORTED_SWITCHES =
      List.of("remove_extra_whitespaces", "normalizer.lowercase", "normalizer.strip_accents");

  /**
   * Control tokens that end a turn even if the metadata do not define them. Many files only define
   * the end of a text, so that their chat models would never end a turn.
   */
  private static final Set<String> END_OF_TURN_TEXTS =
      Set.of("<|eot_id|>", "<|eom_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>");

  /**
   * The same for harmony, the format of gpt-oss: the end of the answer and of the call of a tool.
   * {@code <|end|>} ends a message there, and the answer follows.
   */
  private static final Set<String> HARMONY_END_OF_TURN_TEXTS = Set.of("<|return|>", "<|call|>");

  /** A control token that only vocabularies with harmony have. */
  private static final String HARMONY = "<|channel|>";

  private final GgufMetadata metadata;
  private final GgufVocabulary vocabulary;

  /**
   * @throws ModelFormatException if the vocabulary is missing or inconsistent
   */
  GgufVocabularyReader(GgufMetadata metadata) {
    this.metadata = metadata;
    requireSupported();
    String model = metadata.requiredString(PREFIX + "model");
    List<String> tokens = metadata.strings(PREFIX + "tokens");
    if (tokens.isEmpty()) {
      throw metadata.problem(PREFIX + "tokens", "is missing or empty");
    }
    float[] scores = metadata.numbers(PREFIX + "scores");
    requireOnePerToken("scores", scores.length, tokens.size());
    int[] types = metadata.integers(PREFIX + "token_type");
    requireOnePerToken("token_type", types.length, tokens.size());
    // SentencePiece models add a space prefix by default.
    boolean sentencePiece = model.equals("llama");
    this.vocabulary =
        new GgufVocabulary(
            model,
            metadata.string(PREFIX + "pre").orElse(""),
            tokens,
            scores,
            types,
            metadata.strings(PREFIX + "merges"),
            token("bos_token_id", tokens.size()),
            token("eos_token_id", tokens.size()),
            token("eot_token_id", tokens.size()),
            token("unknown_token_id", tokens.size()),
            token("padding_token_id", tokens.size()),
            metadata.bool(PREFIX + "add_bos_token"),
            metadata.bool(PREFIX + "add_space_prefix").orElse(sentencePiece));
  }

  /** Rejects properties of other tokenizers that would change tokens or answers. */
  private void requireSupported() {
    for (String key : UNSUPPORTED_ARRAYS) {
      if (metadata.contains(PREFIX + key)) {
        throw metadata.problem(PREFIX + key, "is not supported");
      }
    }
    for (String key : UNSUPPORTED_SWITCHES) {
      if (metadata.bool(PREFIX + key).orElse(false)) {
        throw metadata.problem(PREFIX + key, "true is not supported");
      }
    }
  }

  GgufVocabulary vocabulary() {
    return vocabulary;
  }

  /** The tokens that the metadata define, followed by those with a known text in order of id. */
  Set<Integer> endOfSequenceTokens() {
    Set<Integer> ends = new LinkedHashSet<>();
    for (String key : END_KEYS) {
      token(key, vocabulary.tokens().size()).ifPresent(ends::add);
    }
    int[] types = vocabulary.tokenTypes();
    Set<String> texts =
        vocabulary.tokens().contains(HARMONY) ? HARMONY_END_OF_TURN_TEXTS : END_OF_TURN_TEXTS;
    for (int token = 0; token < types.length; token++) {
      if (types[token] == CONTROL_TOKEN && texts.contains(vocabulary.tokens().get(token))) {
        ends.add(token);
      }
    }
    return ends;
  }

  Optional<ChatTemplate> chatTemplate() {
    return metadata
        .string("tokenizer.chat_template")
        .map(source -> new ChatTemplate(source, vocabulary.specialTokens()));
  }

  private OptionalInt token(String key, int tokens) {
    OptionalInt token = metadata.integer(PREFIX + key);
    if (token.isPresent() && token.getAsInt() >= tokens) {
      throw metadata.problem(
          PREFIX + key, token.getAsInt() + ", but the vocabulary has " + tokens + " tokens");
    }
    return token;
  }

  private void requireOnePerToken(String key, int count, int tokens) {
    if (count != 0 && count != tokens) {
      throw metadata.problem(
          PREFIX + key,
          "has %s elements, expected one for each of %s tokens".formatted(count, tokens));
    }
  }
}
