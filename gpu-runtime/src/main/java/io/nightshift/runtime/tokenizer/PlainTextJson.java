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
 * Rewrites a {@code tokenizer.json} so that no text ever becomes a control token.
 *
 * <p>To leave them out of {@code added_tokens} is not enough: a SentencePiece vocabulary has {@code
 * </s>} as an ordinary entry, which merges or the Unigram lattice reach from its letters. So the
 * entries lose their content as well, while every other id stays where it is.
 */
final class PlainTextJson {

  /** A noncharacter in front makes an entry that neither a merge nor a whole word yields. */
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
    // What is added around the text, cut off or filled up is the caller's business.
    json.putNull("post_processor").putNull("truncation").putNull("padding");
  }

  /** For text at the beginning of a prompt, and for text by itself. */
  static String forBeginning(TokenizerDefinition definition) {
    return new PlainTextJson(definition).json.toString();
  }

  /**
   * For text behind a control token. Empty where that is encoded like text at the beginning; a
   * {@code Metaspace} pre-tokenizer may set its space only before the first segment.
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
    // Added tokens get the id of their vocabulary entry; without one, the next free id, which
    // would be another than in the full list.
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
      // The score stays: the lowest one decides what an unknown character costs.
      vocabulary.add(isControl(entry.path(0)) ? entry("", entry.path(1).asDouble()) : entry);
    }
    // As above; an entry that is no control token is there for its id, not to be used by the model.
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

  /** A copy of the object alone; its values are shared, and must not be changed. */
  private static ObjectNode copy(JsonNode object) {
    return JsonNodeFactory.instance.objectNode().setAll((ObjectNode) object);
  }

  private boolean isControl(JsonNode content) {
    return controlTokens.contains(content.asText());
  }
}
