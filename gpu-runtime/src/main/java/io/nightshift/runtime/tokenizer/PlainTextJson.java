package io.nightshift.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Rewrites a {@code tokenizer.json} so that no text is encoded as a control token.
 *
 * <p>Removing them from {@code added_tokens} is not sufficient: a SentencePiece vocabulary has
 * {@code </s>} as an ordinary entry, which merges or the Unigram lattice produce from its letters.
 * Therefore the content of these entries is replaced too. All ids stay the same.
 */
final class PlainTextJson {

  /** A noncharacter, as a prefix of entries that neither a merge nor a whole word must produce. */
  private static final String UNREACHABLE = "\uFDD0";

  private final Set<String> controlTokens;
  private final ObjectNode json;

  private PlainTextJson(TokenizerDefinition definition) {
    controlTokens =
        definition.addedTokens().stream()
            .filter(AddedToken::special)
            .map(AddedToken::content)
            .collect(Collectors.toSet());
    json = copy(definition.json());
    ObjectNode model = copy(json.path("model"));
    json.set("model", model);
    if (TokenizerDefinition.isUnigram(model)) {
      hideInUnigram(model, definition.addedTokens());
    } else {
      hideInBpe(model, definition.addedTokens());
    }
    ArrayNode addedTokens = json.putArray("added_tokens");
    for (JsonNode token : definition.json().path("added_tokens")) {
      if (!isControl(token.path("content"))) {
        addedTokens.add(token);
      }
    }
    // Adding special tokens, truncation and padding are left to the caller.
    json.putNull("post_processor").putNull("truncation").putNull("padding");
  }

  /** For text at the beginning of a prompt and for standalone text. */
  static String forBeginning(TokenizerDefinition definition) {
    return new PlainTextJson(definition).json.toString();
  }

  /**
   * For text after a control token. Empty if that is encoded like text at the beginning; a {@code
   * Metaspace} pre-tokenizer may add its space only before the first segment.
   */
  static Optional<String> forContinuation(TokenizerDefinition definition) {
    JsonNode preTokenizer = definition.json().path("pre_tokenizer").deepCopy();
    boolean differs = false;
    for (JsonNode metaspace : preTokenizer.findParents("prepend_scheme")) {
      if (metaspace.path("prepend_scheme").asText().equals("first")) {
        ((ObjectNode) metaspace).put("prepend_scheme", "never");
        differs = true;
      }
    }
    if (!differs) {
      return Optional.empty();
    }
    ObjectNode json = new PlainTextJson(definition).json;
    json.set("pre_tokenizer", preTokenizer);
    return Optional.of(json.toString());
  }

  private void hideInBpe(ObjectNode model, List<AddedToken> addedTokens) {
    ObjectNode vocabulary = copy(model.path("vocab"));
    model.set("vocab", vocabulary);
    // Added tokens get the id of their vocabulary entry. Without one they would get the next free
    // id, which differs from their id in the full list.
    for (AddedToken token : addedTokens) {
      if (token.special()) {
        vocabulary.remove(token.content());
        vocabulary.put(UNREACHABLE + token.content(), token.id());
      } else {
        vocabulary.put(token.content(), token.id());
      }
    }
    JsonNode unknown = model.path("unk_token");
    if (isControl(unknown)) {
      model.put("unk_token", UNREACHABLE + unknown.asText());
    }
    JsonNode allMerges = model.path("merges");
    ArrayNode merges = model.putArray("merges");
    for (JsonNode merge : allMerges) {
      String[] parts =
          merge.isTextual()
              ? merge.asText().split(" ", 2)
              : new String[] {merge.path(0).asText(), merge.path(1).asText()};
      if (parts.length < 2
          || !(controlTokens.contains(parts[0])
              || controlTokens.contains(parts[1])
              || controlTokens.contains(parts[0] + parts[1]))) {
        merges.add(merge);
      }
    }
  }

  private void hideInUnigram(ObjectNode model, List<AddedToken> addedTokens) {
    JsonNode allEntries = model.path("vocab");
    ArrayNode vocabulary = model.putArray("vocab");
    double lowest = 0;
    for (JsonNode entry : allEntries) {
      lowest = Math.min(lowest, entry.path(1).asDouble());
      // The score stays: the lowest one determines the score of an unknown character.
      vocabulary.add(isControl(entry.path(0)) ? entry("", entry.path(1).asDouble()) : entry);
    }
    // As above: entries of tokens that are not control tokens only provide the ids.
    for (AddedToken token : addedTokens) {
      while (vocabulary.size() <= token.id()) {
        vocabulary.add(entry("", lowest));
      }
      if (!token.special()) {
        double score = vocabulary.get(token.id()).path(1).asDouble();
        vocabulary.set(token.id(), entry(token.content(), score));
      }
    }
  }

  private static ArrayNode entry(String piece, double score) {
    return JsonNodeFactory.instance.arrayNode().add(piece).add(score);
  }

  /** A shallow copy; its values are shared and must not be changed. */
  private static ObjectNode copy(JsonNode object) {
    return JsonNodeFactory.instance.objectNode().setAll((ObjectNode) object);
  }

  private boolean isControl(JsonNode content) {
    return controlTokens.contains(content.asText());
  }
}
