package io.nightshift.runtime.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The alphabet of byte-level BPE (Radford et al., 2019), which maps each byte to a printable
 * character: to its Latin-1 character if that is printable, otherwise to one from U+0100 on.
 */
final class ByteLevelAlphabet {

  private static final int FIRST_SUBSTITUTE = 0x100;
  private static final int[] BYTE_OF_CHARACTER = new int[FIRST_SUBSTITUTE + 0x100];

  static {
    Arrays.fill(BYTE_OF_CHARACTER, -1);
    int substitute = FIRST_SUBSTITUTE;
    for (int value = 0; value < 0x100; value++) {
      BYTE_OF_CHARACTER[isPrintable(value) ? value : substitute++] = value;
    }
  }

  private ByteLevelAlphabet() {}

  /** The bytes of a token. A token with characters outside of the alphabet is ordinary text. */
  static byte[] bytesOf(String token) {
    byte[] bytes = new byte[token.length()];
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (c >= BYTE_OF_CHARACTER.length || BYTE_OF_CHARACTER[c] < 0) {
        return token.getBytes(StandardCharsets.UTF_8);
      }
      bytes[i] = (byte) BYTE_OF_CHARACTER[c];
    }
    return bytes;
  }

  private static boolean isPrintable(int value) {
    return (value >= '!' && value <= '~') || (value >= 0xA1 && value <= 0xFF && value != 0xAD);
  }
}
