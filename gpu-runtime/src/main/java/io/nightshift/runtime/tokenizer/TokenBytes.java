package io.nightshift.runtime.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import io.nightshift.runtime.model.ModelFormatException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The bytes of each token, according to the {@code decoder} of a {@code tokenizer.json}.
 *
 * <p>Three decoders are supported: {@code ByteLevel} (each character of the token is a byte),
 * {@code Metaspace}, and sequences of {@code Replace}, {@code ByteFallback}, {@code Fuse} and
 * {@code Strip} (SentencePiece).
 */
final class TokenBytes {

  private static final byte[] NOTHING = {};

  private final byte[][] bytes;
  private final Map<String, String> replacements = new LinkedHashMap<>();
  private boolean byteLevel;
  private boolean byteFallback;
  private boolean fused;
  private int leadingSpaces;

  TokenBytes(TokenizerDefinition definition) {
    readDecoder(definition.json().path("decoder"));
    bytes = new byte[definition.vocabularySize()][];
    definition.vocabulary().forEach((content, id) -> bytes[id] = bytesOf(content));
    for (AddedToken token : definition.addedTokens()) {
      bytes[token.id()] = token.special() ? NOTHING : bytesOfAdded(token.content());
    }
  }

  /** The bytes of a token; empty for a control token and for an unused id. */
  byte[] of(int token) {
    return token >= 0 && token < bytes.length && bytes[token] != null ? bytes[token] : NOTHING;
  }

  /**
   * Maximum number of spaces to remove at the beginning of a decoded text: those that the tokenizer
   * adds before every text.
   */
  int leadingSpaces() {
    return leadingSpaces;
  }

  /** Number of bytes of the longest token. */
  int longest() {
    return Arrays.stream(bytes).filter(Objects::nonNull).mapToInt(b -> b.length).max().orElse(0);
  }

  private void readDecoder(JsonNode decoder) {
    switch (decoder.path("type").asText()) {
      case "Sequence" -> decoder.path("decoders").forEach(this::readDecoder);
      case "ByteLevel" -> byteLevel = true;
      case "ByteFallback" -> byteFallback = true;
      case "Fuse" -> fused = true;
      case "Replace" -> {
        if (!decoder.path("pattern").path("String").isTextual()) {
          throw unsupported(decoder);
        }
        replacements.put(
            decoder.path("pattern").path("String").asText(), decoder.path("content").asText());
      }
      case "Strip" -> {
        if (!fused
            || !decoder.path("content").asText().equals(" ")
            || decoder.path("stop").asInt() > 0) {
          throw unsupported(decoder);
        }
        leadingSpaces += decoder.path("start").asInt();
      }
      case "Metaspace" -> {
        replacements.put(decoder.path("replacement").asText(), " ");
        boolean prefixed =
            decoder.has("prepend_scheme")
                ? !decoder.path("prepend_scheme").asText().equals("never")
                : decoder.path("add_prefix_space").asBoolean(true);
        leadingSpaces = prefixed ? 1 : 0;
      }
      case "" ->
          throw new ModelFormatException(
              "tokenizer.json has no decoder, so tokens cannot be turned into text");
      default -> throw unsupported(decoder);
    }
  }

  private static ModelFormatException unsupported(JsonNode decoder) {
    return new ModelFormatException(
        "tokenizer.json has the decoder "
            + decoder
            + "; supported are ByteLevel, Metaspace, and sequences of Replace (of a string),"
            + " ByteFallback, Fuse and Strip (of leading spaces, after Fuse)");
  }

  /** Added tokens are not in the byte-level alphabet, but have the other encodings. */
  private byte[] bytesOfAdded(String content) {
    return byteLevel ? content.getBytes(StandardCharsets.UTF_8) : bytesOf(content);
  }

  private byte[] bytesOf(String content) {
    if (byteLevel) {
      return ByteLevelAlphabet.bytesOf(content);
    }
    if (byteFallback && content.matches("<0x[0-9A-Fa-f]{2}>")) {
      return new byte[] {(byte) Integer.parseInt(content.substring(3, 5), 16)};
    }
    String text = content;
    for (Map.Entry<String, String> replacement : replacements.entrySet()) {
      text = text.replace(replacement.getKey(), replacement.getValue());
    }
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
