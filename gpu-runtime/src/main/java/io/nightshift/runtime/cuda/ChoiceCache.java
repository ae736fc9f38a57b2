package io.nightshift.runtime.cuda;

import io.nightshift.runtime.files.AtomicWrite;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to compute something that was the fastest for each number of rows, in a text file with a
 * line for each: the number and the choice. One file for everything that the times depend on, with
 * a hash of that in its name.
 *
 * @param <T> choices, whose text is what they are parsed from
 */
final class ChoiceCache<T> {
  private static final Logger LOG = LoggerFactory.getLogger(ChoiceCache.class);
  private static final Pattern LINE = Pattern.compile("([1-9]\\d{0,8}) (.+)");

  private final Path file;
  private final Function<String, T> parser;
  private final Map<Integer, T> known = new TreeMap<>();
  private boolean changed;

  /**
   * Reads the file, if there is one. Malformed lines are skipped: their numbers of rows are timed
   * again.
   *
   * @param parser throws {@link IllegalArgumentException} for texts that are no choice
   */
  ChoiceCache(Path file, Function<String, T> parser) {
    this.file = file;
    this.parser = parser;
    AtomicWrite.lines(file).forEach(this::read);
  }

  private void read(String line) {
    try {
      Matcher matcher = LINE.matcher(line);
      if (!matcher.matches()) {
        throw new IllegalArgumentException("not a number of rows and a choice");
      }
      known.put(Integer.valueOf(matcher.group(1)), parser.apply(matcher.group(2)));
    } catch (IllegalArgumentException e) {
      LOG.warn("{}: skipped a malformed line: {}", file, line);
    }
  }

  Optional<T> get(int rows) {
    return Optional.ofNullable(known.get(rows));
  }

  void put(int rows, T choice) {
    changed |= !choice.equals(known.put(rows, choice));
  }

  /** Writes the file if an entry has changed. */
  void save() {
    if (!changed) {
      return;
    }
    AtomicWrite.replace(
        file,
        known.entrySet().stream().map(entry -> entry.getKey() + " " + entry.getValue()).toList());
    changed = false;
  }
}
