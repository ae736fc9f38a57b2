package io.nightshift.connectors.jsonl.decode;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.nightshift.connectors.jsonl.file.LineReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes each line as a JSON object whose keys are columns. {@code NaN} and infinities are numbers,
 * as Python and Spark write them; otherwise JSON is what RFC 8259 says, with keys that differ.
 */
public final class JsonObjectParser implements LineParser {
  private static final long serialVersionUID = 1L;

  /** Deeper values are malformed. */
  private static final int MAX_DEPTH = 100;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(LineReader.MAX_LINE_BYTES)
                  .maxNameLength(LineReader.MAX_LINE_BYTES)
                  .build())
          .build();

  private final @Nullable Set<String> columns;

  private JsonObjectParser(@Nullable Set<String> columns) {
    this.columns = columns;
  }

  /** A parser that gives the values of all keys. */
  public static JsonObjectParser ofAllColumns() {
    return new JsonObjectParser(null);
  }

  /** A parser that gives the values of these keys, and checks the others for their syntax only. */
  @Override
  public JsonObjectParser only(Set<String> wanted) {
    return new JsonObjectParser(Set.copyOf(wanted));
  }

  @Override
  public Map<String, @Nullable Object> parse(byte[] buffer, int start, int length)
      throws MalformedLineException {
    try (JsonParser parser = FACTORY.createParser(buffer, start, length)) {
      requireObject(parser);
      Map<String, @Nullable Object> values = object(parser, columns);
      if (parser.nextToken() != null) {
        throw malformed(parser, "there is something behind the object");
      }
      return values;
    } catch (JsonProcessingException e) {
      SyntaxProblem problem = SyntaxProblem.of(e);
      throw new MalformedLineException(problem.column(), problem.text());
    } catch (IOException e) { // of text that begins as UTF-16 or UTF-32 does
      throw new MalformedLineException(1, "the line is not UTF-8: " + e.getMessage());
    }
  }

  private static void requireObject(JsonParser parser) throws IOException, MalformedLineException {
    JsonToken first = parser.nextToken();
    if (first != JsonToken.START_OBJECT) {
      throw malformed(
          parser,
          first == JsonToken.START_ARRAY
              ? "the line begins with an array, but JSON Lines have one object on each line"
              : "the line is no object, {...}");
    }
  }

  private static Map<String, @Nullable Object> object(
      JsonParser parser, @Nullable Set<String> wanted) throws IOException, MalformedLineException {
    Map<String, @Nullable Object> values = new LinkedHashMap<>();
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      parser.nextToken();
      if (wanted == null || wanted.contains(key)) {
        values.put(text(parser, key), value(parser));
      } else {
        parser.skipChildren();
      }
    }
    return values;
  }

  private static @Nullable Object value(JsonParser parser)
      throws IOException, MalformedLineException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, null);
      case START_ARRAY -> array(parser);
      case VALUE_STRING -> text(parser, parser.getText());
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> null;
    };
  }

  private static List<@Nullable Object> array(JsonParser parser)
      throws IOException, MalformedLineException {
    List<@Nullable Object> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value(parser));
    }
    return items;
  }

  private static Number integer(JsonParser parser) throws IOException {
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? parser.getBigIntegerValue()
        : (Number) parser.getLongValue();
  }

  /** Half of a character outside of the basic plane, written as an escape, is no text. */
  private static String text(JsonParser parser, String text) throws MalformedLineException {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (Character.isSurrogatePair(
            text.charAt(i), i + 1 < text.length() ? text.charAt(i + 1) : 0)) {
          i++;
        } else {
          throw malformed(parser, "the text has one half of a surrogate pair without the other");
        }
      }
    }
    return text;
  }

  private static MalformedLineException malformed(JsonParser parser, String problem) {
    return new MalformedLineException(parser.currentTokenLocation().getColumnNr(), problem);
  }
}
