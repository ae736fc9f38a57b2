package io.nightshift.job.report.page;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A text with places for others, such as {@code {{style}}}. What is put in is not searched for
 * places.
 *
 * @param parts text at even indexes, names at odd ones
 */
record PageTemplate(List<String> parts) {
  private static final Pattern PLACE = Pattern.compile("\\{\\{(\\w+)}}");

  static PageTemplate parse(String source) {
    List<String> parts = new ArrayList<>();
    Matcher place = PLACE.matcher(source);
    int end = 0;
    while (place.find()) {
      parts.add(source.substring(end, place.start()));
      parts.add(place.group(1));
      end = place.end();
    }
    parts.add(source.substring(end));
    return new PageTemplate(List.copyOf(parts));
  }

  void write(Map<String, String> values, Appendable target) throws IOException {
    for (int index = 0; index < parts.size(); index++) {
      String part = parts.get(index);
      if (index % 2 == 0) {
        target.append(part);
        continue;
      }
      String value = values.get(part);
      if (value == null) {
        throw new IllegalArgumentException("The page's template has an unknown place: " + part);
      }
      target.append(value);
    }
  }
}
