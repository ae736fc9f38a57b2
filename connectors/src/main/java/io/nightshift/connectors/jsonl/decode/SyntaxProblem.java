package io.nightshift.connectors.jsonl.decode;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Why a line is no JSON, in the parser's words.
 *
 * @param column where in the line, from 1
 * @param text without the line's number, which the parser knows nothing of
 */
public record SyntaxProblem(int column, String text) {
  /** Another place in the line that the text names. */
  private static final Pattern PLACE =
      Pattern.compile("\\[Source: .*?; line: \\d+, column: (\\d+)\\]");

  public static SyntaxProblem of(JsonProcessingException failure) {
    @Nullable JsonLocation location = failure.getLocation();
    return new SyntaxProblem(
        location == null ? 1 : location.getColumnNr(),
        PLACE.matcher(failure.getOriginalMessage()).replaceAll("column $1"));
  }
}
