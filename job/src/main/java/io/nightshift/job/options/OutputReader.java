package io.nightshift.job.options;

import io.nightshift.job.options.JobSpecification.Answer;
import io.nightshift.job.options.JobSpecification.EmbeddingAnswer;
import io.nightshift.job.options.JobSpecification.Errors;
import io.nightshift.job.options.JobSpecification.Output;
import io.nightshift.job.options.JobSpecification.Plan;
import io.nightshift.job.storage.RecordFolder;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.core.fs.Path;

/**
 * Reads what is said about output: the sections {@code output}, {@code errors} and {@code plan}.
 */
final class OutputReader {
  /** Columns that every output has beside the kept ones. */
  private static final Set<String> COMMON_COLUMNS =
      Set.of("finish_reason", "prompt_tokens", "cached_tokens", "error_code", "error_message");

  /** Further ones of answers that have tokens. */
  private static final Set<String> TOKEN_COLUMNS =
      Set.of("completion", "choice_probabilities", "output_tokens");

  private static final Set<String> EMBEDDING_COLUMNS = Set.of("embedding");

  private final JobSettings settings;
  private final Checks checks;

  OutputReader(JobSettings settings, Checks checks) {
    this.settings = settings;
    this.checks = checks;
  }

  Output output(Answer answer) {
    Path path = checks.path(OutputOptions.PATH, settings.require(OutputOptions.PATH));
    Optional<List<String>> columns = settings.find(OutputOptions.COLUMNS);
    columns.ifPresent(given -> checkColumns(given, answer));
    return new Output(
        path,
        columns,
        settings.get(OutputOptions.SOURCE_COLUMNS),
        order(),
        checks.atLeast(OutputOptions.FILE_SIZE, MemorySize.ofMebiBytes(1)),
        autoCompaction(),
        settings.get(OutputOptions.COMPRESSION),
        checks.atLeast(OutputOptions.ROW_GROUP_SIZE, MemorySize.ofMebiBytes(1)),
        settings.get(OutputOptions.REPORT));
  }

  private OutputOrder order() {
    return settings.get(OutputOptions.ORDER);
  }

  private boolean autoCompaction() {
    boolean wanted = settings.get(OutputOptions.AUTO_COMPACTION);
    if (order() == OutputOrder.INPUT) {
      if (settings.isGiven(OutputOptions.AUTO_COMPACTION)) {
        throw settings.error(
            OutputOptions.AUTO_COMPACTION,
            "has no effect with output.order input, which writes files of output.file-size; remove"
                + " it");
      }
    } else if (!wanted && settings.isGiven(OutputOptions.FILE_SIZE)) {
      throw settings.error(
          OutputOptions.FILE_SIZE,
          "has no effect with output.auto-compaction false: files end with each checkpoint; remove"
              + " one of them");
    }
    return wanted;
  }

  private void checkColumns(List<String> columns, Answer answer) {
    checks.distinctNames(OutputOptions.COLUMNS, columns);
    Set<String> own = answer instanceof EmbeddingAnswer ? EMBEDDING_COLUMNS : TOKEN_COLUMNS;
    for (String column : columns) {
      if (COMMON_COLUMNS.contains(column) || own.contains(column)) {
        throw settings.error(
            OutputOptions.COLUMNS,
            "names " + column + ", which the answer has a column of; leave it out or rename it");
      }
    }
  }

  Errors errors() {
    double maxFraction = checks.between(ErrorOptions.MAX_FRACTION, 0.0, 1.0);
    Optional<Long> maxRows = settings.find(ErrorOptions.MAX_ROWS);
    if (maxRows.isPresent()) {
      checks.atLeast(ErrorOptions.MAX_ROWS, 0L);
    }
    return new Errors(
        maxFraction,
        maxRows.map(OptionalLong::of).orElse(OptionalLong.empty()),
        settings.find(ErrorOptions.PATH).map(path -> checks.path(ErrorOptions.PATH, path)));
  }

  Plan plan(Output output) {
    Path folder =
        settings
            .find(PlanOptions.FOLDER)
            .map(value -> checks.path(PlanOptions.FOLDER, value))
            .orElseGet(() -> new RecordFolder(output.path()).path());
    Optional<Double> rate = settings.find(PlanOptions.TOKENS_PER_SECOND);
    if (rate.isPresent()) {
      checks.between(PlanOptions.TOKENS_PER_SECOND, 1e-3, 1e12);
    }
    return new Plan(
        checks.atLeast(PlanOptions.UNIT_TOKENS, 1),
        settings.get(PlanOptions.SHARE_DUPLICATES),
        rate.map(OptionalDouble::of).orElse(OptionalDouble.empty()),
        folder);
  }
}
