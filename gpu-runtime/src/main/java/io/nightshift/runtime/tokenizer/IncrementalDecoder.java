package io.nightshift.runtime.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * Decodes an answer token by token, in linear time. A character whose bytes are spread over several
 * tokens appears with the last of them. Not thread-safe.
 */
public final class IncrementalDecoder {

  private final TokenBytes tokenBytes;
  private final CharsetDecoder utf8 =
      StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPLACE)
          .onUnmappableCharacter(CodingErrorAction.REPLACE);
  private final StringBuilder finalText = new StringBuilder();
  // The first bytes of an incomplete character, at most three.
  private byte[] pending = {};
  private int spacesToDrop;

  IncrementalDecoder(TokenBytes tokenBytes) {
    this.tokenBytes = tokenBytes;
    this.spacesToDrop = tokenBytes.leadingSpaces();
  }

  /** Adds a token and returns the text that it completes, which may be empty. */
  public String append(int token) {
    byte[] added = tokenBytes.of(token);
    int from = 0;
    while (spacesToDrop > 0 && from < added.length) {
      if (added[from] == ' ') {
        spacesToDrop--;
        from++;
      } else {
        spacesToDrop = 0;
      }
    }
    ByteBuffer bytes = ByteBuffer.allocate(pending.length + added.length - from);
    bytes.put(pending).put(added, from, added.length - from).flip();
    CharBuffer characters = CharBuffer.allocate(bytes.remaining());
    utf8.decode(bytes, characters, false);
    pending = new byte[bytes.remaining()];
    bytes.get(pending);
    String text = characters.flip().toString();
    finalText.append(text);
    return text;
  }

  /**
   * The text of all tokens so far. Incomplete bytes at its end appear as U+FFFD here and may become
   * a character with the next token.
   */
  public String text() {
    return finalText + new String(pending, StandardCharsets.UTF_8);
  }
}
