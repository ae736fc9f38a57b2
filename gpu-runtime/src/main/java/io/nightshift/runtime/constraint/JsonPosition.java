package io.nightshift.runtime.constraint;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.constraint.matcher.LastTexts;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Where a JSON text stands, which grows byte by byte: the open objects and arrays. */
final class JsonPosition implements LastTexts {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** An open object or array. */
  private static final class Container {
    final boolean array;
    int index;
    boolean nameNext;
    byte[] before = {};
    final ByteArrayOutputStream text = new ByteArrayOutputStream();

    Container(boolean array) {
      this.array = array;
      this.nameNext = !array;
    }
  }

  private final List<Container> open = new ArrayList<>();
  private boolean inString;
  private boolean recorded;
  private boolean escaped;

  /** Adds a byte of a valid text. */
  void append(byte value) {
    if (recorded) {
      last().text.write(value);
    }
    if (inString) {
      if (escaped) {
        escaped = false;
      } else if (value == '\\') {
        escaped = true;
      } else if (value == '"') {
        inString = false;
        recorded = false;
      }
      return;
    }
    switch (value) {
      case '{', '[' -> open.add(new Container(value == '['));
      case '}', ']' -> open.remove(open.size() - 1);
      case ',' -> {
        last().index++;
        last().nameNext = !last().array;
      }
      case '"' -> {
        inString = true;
        if (!open.isEmpty() && (last().nameNext || last().array)) {
          last().nameNext = false;
          last().before = last().text.toByteArray();
          last().text.reset();
          last().text.write(value);
          recorded = true;
        }
      }
      default -> {}
    }
  }

  @Override
  public byte[] last(int depth) {
    return open.get(depth).text.toByteArray();
  }

  @Override
  public byte[] beforeLast(int depth) {
    return open.get(depth).before;
  }

  /** The JSON pointer (RFC 6901) of the value that begins next, or that was begun last. */
  String pointer() {
    StringBuilder pointer = new StringBuilder();
    for (Container container : open) {
      pointer.append('/');
      if (container.array) {
        pointer.append(container.index);
      } else {
        pointer.append(unquoted(container).replace("~", "~0").replace("/", "~1"));
      }
    }
    return pointer.toString();
  }

  private static String unquoted(Container container) {
    try {
      return MAPPER.readValue(container.text.toString(StandardCharsets.UTF_8), String.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a JSON string: " + container.text, e);
    }
  }

  private Container last() {
    return open.get(open.size() - 1);
  }
}
