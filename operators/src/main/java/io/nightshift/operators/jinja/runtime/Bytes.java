package io.nightshift.operators.jinja.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/** Python's bytes; a column of binary values. */
public final class Bytes implements PythonObject {
  private final byte[] content;

  public Bytes(byte[] content) {
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

  @Override
  public String typeName() {
    return "bytes";
  }

  @Override
  public boolean hasLength() {
    return true;
  }

  @Override
  public int length() {
    return content.length;
  }

  @Override
  public Iterator<Object> iterator(Budget budget) {
    budget.list(content.length);
    List<Object> all = new ArrayList<>(content.length);
    for (byte b : content) {
      all.add((long) (b & 0xff));
    }
    return all.iterator();
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
