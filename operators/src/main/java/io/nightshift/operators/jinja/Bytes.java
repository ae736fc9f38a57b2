package io.nightshift.operators.jinja;

import java.util.Arrays;

/** Python's bytes; a column of binary values. */
final class Bytes {
  private final byte[] content;

  Bytes(byte[] content) {
    this.content = content;
  }

  byte[] content() {
    return content;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  /** Writes Python's {@code repr}. */
  void appendTo(TextBuilder out) {
    out.append("b'");
    for (byte b : content) {
      int c = b & 0xff;
      switch (c) {
        case '\\' -> out.append("\\\\");
        case '\'' -> out.append("\\'");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (c >= ' ' && c < 127) {
            out.append((char) c);
          } else {
            out.append(PythonText.escape(c));
          }
        }
      }
    }
    out.append('\'');
  }
}
