package io.nightshift.connectors.jsonl.decode;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes each line as the value of one text column, whatever it holds.
 *
 * @param column its name
 */
public record TextLineParser(String column) implements LineParser {
  @Override
  public Map<String, @Nullable Object> parse(byte[] buffer, int start, int length) {
    return Map.of(column, Arrays.copyOfRange(buffer, start, start + length));
  }

  @Override
  public TextLineParser only(Set<String> columns) {
    return this;
  }
}
