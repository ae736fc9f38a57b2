package io.nightshift.job.options;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import org.apache.flink.core.fs.Path;

/** The text of a JSON schema. */
final class SchemaText {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private SchemaText() {}

  /** A text that is no JSON, or a file that cannot be read. The message follows the option. */
  static final class UnreadableException extends Exception {
    private static final long serialVersionUID = 1L;

    private UnreadableException(String message, Throwable cause) {
      super(message, cause);
    }
  }

  /** Whether a value is a schema itself, and not the path of one. */
  static boolean isInline(String value) {
    String text = value.strip();
    return text.startsWith("{") || text.equals("true") || text.equals("false");
  }

  /** The same schema without whitespace, its keys in their order. */
  static String compact(String schema) throws UnreadableException {
    return compact("", schema);
  }

  /** The schema in a file, without whitespace. */
  static String ofFile(Path file) throws UnreadableException {
    String text;
    try {
      text = TextFile.read(file, "schema file");
    } catch (InvalidJobException e) {
      throw new UnreadableException(
          e.getMessage() + " (a schema that is not in a file is a map, or begins with {)", e);
    }
    return compact(file + " ", text);
  }

  private static String compact(String subject, String schema) throws UnreadableException {
    try {
      return JSON.readTree(schema).toString();
    } catch (JsonProcessingException e) {
      throw new UnreadableException(
          "%sis not JSON: %s, at line %s, column %s"
              .formatted(
                  subject,
                  e.getOriginalMessage(),
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr()),
          e);
    }
  }
}
