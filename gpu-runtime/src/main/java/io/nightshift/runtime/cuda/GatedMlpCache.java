package io.nightshift.runtime.cuda;

import io.nightshift.runtime.cuda.GatedMlp.Fusion;
import io.nightshift.runtime.files.AtomicWrite;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether fusing a gated MLP is faster, for each number of rows, in a text file with a line for
 * each: {@code 1024 FUSED}. One file for everything that the times depend on.
 */
final class GatedMlpCache {
  private static final Logger LOG = LoggerFactory.getLogger(GatedMlpCache.class);
  private static final Pattern LINE = Pattern.compile("([1-9]\\d{0,8}) (FUSED|UNFUSED)");

  private final Path file;
  private final Map<Integer, Fusion> known = new TreeMap<>();
  private boolean changed;

  /**
   * Reads the file, if there is one. Malformed lines are skipped: their numbers of rows are timed
   * again.
   *
   * @param fingerprint hash of the kernels, the model's sizes, the device and the version of
   *     cuBLASLt
   */
  GatedMlpCache(Path folder, String fingerprint) {
    file = folder.resolve("gated-linear-unit-" + fingerprint + ".txt");
    AtomicWrite.lines(file).forEach(this::read);
  }

  private void read(String line) {
    Matcher matcher = LINE.matcher(line);
    if (matcher.matches()) {
      known.put(Integer.valueOf(matcher.group(1)), Fusion.valueOf(matcher.group(2)));
    } else {
      LOG.warn("{}: skipped a malformed line: {}", file, line);
    }
  }

  Optional<Fusion> get(int rows) {
    return Optional.ofNullable(known.get(rows));
  }

  void put(int rows, Fusion fusion) {
    changed |= fusion != known.put(rows, fusion);
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
