package io.nightshift.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
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
    json = definition.json().deepCopy();
    ObjectNode model = (ObjectNode) json.path("model");
    if (TokenizerDefinition.isUnigram(model)) {
      hideInUnigram((ArrayNode) model.path("vocab"), definition);
    } else {
      hideInBpe(model, definition);
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
   * For text behind a control token. Differs from {@link #forBeginning} where a {@code Metaspace}
   * pre-tokenizer sets its space only before the first segment.
   */
  static String forContinuation(TokenizerDefinition definition) {
    ObjectNode json = new PlainTextJson(definition).json;
    for (JsonNode parent : json.path("pre_tokenizer").findParents("prepend_scheme")) {
      if (parent.path("prepend_scheme").asText().equals("first")) {
        ((ObjectNode) parent).put("prepend_scheme", "never");
      }
    }
    return json.toString();
  }

  private void hideInBpe(ObjectNode model, TokenizerDefinition definition) {
    ObjectNode vocabulary = (ObjectNode) model.path("vocab");
    // Added tokens get the id of their vocabulary entry; without one, the next free id, which
    // would be another than in the full list.
    for (AddedToken token : definition.addedTokens()) {
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
    ArrayNode merges = model.putArray("merges");
    for (JsonNode merge : definition.json().path("model").path("merges")) {
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

  private void hideInUnigram(ArrayNode vocabulary, TokenizerDefinition definition) {
    double lowest = 0;
    for (JsonNode entry : vocabulary) {
      lowest = Math.min(lowest, entry.path(1).asDouble());
      if (isControl(entry.path(0))) {
        // The score stays: the lowest one decides what an unknown character costs.
        ((ArrayNode) entry).set(0, "");
      }
    }
    // As above; an entry that is no control token is there for its id, not to be used by the model.
    for (AddedToken token : definition.addedTokens()) {
      while (vocabulary.size() <= token.id()) {
        vocabulary.addArray().add("").add(lowest);
      }
      if (!token.special()) {
        ((ArrayNode) vocabulary.get(token.id())).set(0, token.content());
      }
    }
  }

  private boolean isControl(JsonNode content) {
    return controlTokens.contains(content.asText());
  }
}
