package io.nightshift.job.sql;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.TextSettings;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The options of a model in its {@code WITH} clause, besides those of Flink: options of the job
 * file that do not concern rows, and those of output columns.
 *
 * @param place the model, for messages
 * @param job options of the job file
 * @param choices values of output columns, by the columns' names
 * @param notNull output columns that have a value in every answer
 */
record WithOptions(
    String place,
    Map<String, String> job,
    Map<String, List<String>> choices,
    List<String> notNull) {

  private static final String PROVIDER = "provider";
  private static final String NOT_NULL = "answer.not-null";

  /** Before the name of an output column, its values. */
  private static final String CHOICES = "answer.one-of.";

  /** What to do instead of giving an option that has no place in SQL, by the keys' beginnings. */
  private static final Map<String, String> ELSEWHERE =
      Map.of(
          "input.", "the rows are those of the table that ML_PREDICT is given",
          "output.", "the statement says what becomes of the rows: INSERT INTO a table",
          "errors.",
              "a row with an error comes out with its error_code, for the statement to select",
          "evaluate.", "compare the answers with a column in the statement itself",
          "cost.", "a query has no report",
          "plan.", "rows are answered as they come; to plan a whole data set, use the command run",
          "engine.mixed-devices", "all engines of a query are on the model's device",
          "engine.slot-", "the tasks take the slots of the SQL job",
          "answer.embedding.type", "the elements of an array are 32-bit floats");

  WithOptions {
    job = Map.copyOf(job);
    choices = Map.copyOf(choices);
    notNull = List.copyOf(notNull);
  }

  /**
   * Sorts the options of a model.
   *
   * @throws InvalidJobException naming one that has no place in SQL
   */
  static WithOptions of(String place, Map<String, String> options) {
    Map<String, String> job = new TreeMap<>(options);
    job.remove(PROVIDER);
    List<String> notNull =
        list(place, NOT_NULL, Optional.ofNullable(job.remove(NOT_NULL)).orElse(""));
    Map<String, List<String>> choices = new TreeMap<>();
    job.entrySet()
        .removeIf(
            option -> {
              boolean ofColumn = option.getKey().startsWith(CHOICES);
              if (ofColumn) {
                choices.put(
                    option.getKey().substring(CHOICES.length()),
                    list(place, option.getKey(), option.getValue()));
              }
              return ofColumn;
            });
    for (String key : job.keySet()) {
      ELSEWHERE.forEach(
          (beginning, remedy) -> {
            if (key.startsWith(beginning)) {
              throw new InvalidJobException(
                  "%s: %s has no place in SQL: %s; remove it".formatted(place, key, remedy));
            }
          });
    }
    return new WithOptions(place, job, choices, notNull);
  }

  private static List<String> list(String place, String key, String value) {
    return TextSettings.list(place, key, value).stream()
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  /** Whether an option of the job file is given. */
  boolean has(String key) {
    return job.containsKey(key);
  }

  /** The same options with others of the job file besides. */
  Map<String, String> jobWith(Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(job);
    all.putAll(more);
    return all;
  }

  /** An exception about the model. */
  InvalidJobException error(String problem) {
    return new InvalidJobException(place + ": " + problem);
  }
}
