package io.nightshift.runtime.cuda.gemm;

import io.nightshift.runtime.files.AtomicWrite;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The fastest algorithms found so far, in a text file with a line for each shape: {@code BF16 rows
 * inputs outputs nanoseconds algorithm}, with {@code BF16+} for a GEMM that adds to its target. The
 * factor of the products makes no difference to the time. One file for each kind of device and
 * version of the library. Its name says how algorithms were timed, so that a change of the timing
 * starts a new file.
 */
final class AlgorithmCache {
  private static final Logger LOG = LoggerFactory.getLogger(AlgorithmCache.class);
  private static final double NANOSECONDS = 1e9;
  private static final Pattern LINE =
      Pattern.compile("([A-Z0-9_]+)(\\+?) (\\d+) (\\d+) (\\d+) (\\d+) ([0-9a-f]{128})");

  private final Path file;
  private final Map<Gemm, TimedAlgorithm> known = new LinkedHashMap<>();
  private boolean changed;

  /**
   * Reads the file, if there is one. Malformed lines are skipped: their shapes are timed again.
   *
   * @param device name of the device
   * @param libraryVersion version of cuBLASLt
   */
  AlgorithmCache(Path folder, String device, long libraryVersion) {
    file =
        folder.resolve(
            "matmul-times-in-graphs-%s-cublaslt-%s.txt"
                .formatted(device.replaceAll("[^A-Za-z0-9]+", "-"), libraryVersion));
    AtomicWrite.lines(file).forEach(this::read);
  }

  private void read(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      LOG.warn("{}: skipped a malformed line: {}", file, line);
      return;
    }
    Gemm shape =
        new Gemm(
            Integer.parseInt(matcher.group(3)),
            Integer.parseInt(matcher.group(4)),
            Integer.parseInt(matcher.group(5)),
            GemmType.valueOf(matcher.group(1)),
            !matcher.group(2).isEmpty(),
            1);
    double seconds = Long.parseLong(matcher.group(6)) / NANOSECONDS;
    known.put(shape, new TimedAlgorithm(Algorithm.parse(matcher.group(7)), seconds));
  }

  Optional<TimedAlgorithm> get(Gemm shape) {
    return Optional.ofNullable(known.get(shape.times(1)));
  }

  void put(Gemm shape, TimedAlgorithm algorithm) {
    changed |= !algorithm.equals(known.put(shape.times(1), algorithm));
  }

  /** Writes the file if an algorithm has changed. */
  void save() {
    if (!changed) {
      return;
    }
    List<String> lines = new ArrayList<>();
    known.forEach(
        (shape, timed) ->
            lines.add(
                "%s%s %s %s %s %s %s"
                    .formatted(
                        shape.type(),
                        shape.adds() ? "+" : "",
                        shape.rows(),
                        shape.inputs(),
                        shape.outputs(),
                        Math.round(timed.seconds() * NANOSECONDS),
                        timed.algorithm())));
    AtomicWrite.replace(file, lines);
    changed = false;
  }
}
