package io.nightshift.benchmarks.constraint;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Compiles schemas, walks their valid and invalid instances, and prints how many of each are
 * accepted, why schemas are refused, and times.
 *
 * <pre>MaskBench FILE [key=value ...]</pre>
 *
 * <p>{@link CaseFiles} says what FILE may be. Keys: vocabulary=FILE (whose masks are timed, see
 * {@link VocabularyFiles}; single bytes without it), results=FILE (a line of JSON for each schema),
 * every=N (the first of N schemas only).
 *
 * <p>A valid instance counts as accepted if one of its texts is, whatever the order of properties
 * in the file, see {@link InstanceTexts}. An invalid one counts as accepted in the same way. Masks
 * are cached as long as a schema is used: its instances share them.
 */
public final class MaskBench {
  private static final Set<String> KEYS = Set.of("vocabulary", "results", "every");

  private MaskBench() {}

  /** Runs the benchmark; see the class. */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("use: MaskBench FILE [key=value ...]");
    }
    Map<String, String> options = new HashMap<>();
    for (int i = 1; i < arguments.length; i++) {
      String[] pair = arguments[i].split("=", 2);
      if (pair.length < 2 || !KEYS.contains(pair[0])) {
        throw new IllegalArgumentException(arguments[i] + ": use one of the keys " + KEYS);
      }
      options.put(pair[0], pair[1]);
    }
    run(Path.of(arguments[0]), options, System.out);
  }

  static void run(Path file, Map<String, String> options, PrintStream out) throws IOException {
    String vocabulary = options.get("vocabulary");
    CaseRunner runner =
        new CaseRunner(
            vocabulary == null
                ? VocabularyFiles.bytes()
                : VocabularyFiles.read(Path.of(vocabulary)));
    int every = Integer.parseInt(options.getOrDefault("every", "1"));
    AtomicInteger index = new AtomicInteger();
    Report report = new Report();
    String results = options.get("results");
    try (PrintStream lines =
        results == null
            ? new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8)
            : new PrintStream(
                Files.newOutputStream(Path.of(results)), true, StandardCharsets.UTF_8)) {
      CaseFiles.read(
          file,
          schemaCase -> {
            if (index.getAndIncrement() % every == 0) {
              CaseResult result = runner.run(schemaCase);
              report.add(result);
              lines.println(JsonTexts.write(result));
            }
          });
    }
    report.print(out, vocabulary == null ? "bytes" : vocabulary, runner.maskNanos());
  }
}
