package io.nightshift.benchmarks;

import io.nightshift.job.hub.ModelLocator;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.pipeline.FlinkPipeline;
import io.nightshift.job.pipeline.Pipeline;
import io.nightshift.job.progress.RunReport;
import io.nightshift.job.progress.TokenCounts;
import io.nightshift.runtime.engine.FinishReason;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;

/**
 * What planning the whole data set adds to {@code ML_PREDICT}: rows per second and cached tokens of
 * a statement of SQL and of {@code nightshift run}, in alternating runs over the same Parquet file
 * with the same prompt. Times are those of the whole statement and of the whole run, including the
 * start of Flink and of the model, and for the run also the plan.
 *
 * <pre>SqlRunBench ROWS RUNS GUIDES key=value ...</pre>
 *
 * <p>{@link TicketFile} says what the rows are, and what {@code GUIDES} counts. The keys are
 * options of the sections {@code model} and {@code engine}, for both: {@code model.path} and {@code
 * model.device} are needed.
 */
public final class SqlRunBench {
  private static final List<String> CHOICES = List.of("billing", "outage", "other");
  private static final String SYSTEM =
      "Sort the ticket of a customer into one of the queues of support. The guide of the device, if"
          + " there is one, comes first.";
  private static final String USER = "{% if guide %}{{ guide }}\n\n{% endif %}{{ body }}";

  private SqlRunBench() {}

  /**
   * What a way to answer took.
   *
   * @param seconds from its call to its end
   * @param cpuSeconds of the process: what it costs even where others share the machine
   */
  private record Result(double seconds, double cpuSeconds, TokenCounts tokens) {
    String text(int rows) {
      return String.format(
          Locale.ROOT,
          "%.1f rows/s (%.1f s, %.1f CPU s), %,d of %,d prompt tokens cached",
          rows / seconds,
          seconds,
          cpuSeconds,
          tokens.cached(),
          tokens.prompt());
    }
  }

  /** Runs the benchmark; see the class. */
  public static void main(String[] arguments) throws Exception {
    int rows = Integer.parseInt(arguments[0]);
    int runs = Integer.parseInt(arguments[1]);
    int guides = Integer.parseInt(arguments[2]);
    List<String> options = List.of(arguments).subList(3, arguments.length);
    Path folder = Files.createTempDirectory("sql-run-bench");
    Path tickets = folder.resolve("tickets.parquet");
    TicketFile.write(tickets, rows, guides);
    System.out.printf("%,d rows in %s%n", rows, tickets);
    for (int run = 1; run <= runs; run++) {
      Result sql = sql(tickets, options, rows);
      System.out.printf("run %s: SQL %s%n", run, sql.text(rows));
      Result planned = planned(tickets, folder.resolve("answers-" + run), options, rows);
      System.out.printf("run %s: nightshift run %s%n", run, planned.text(rows));
      System.out.printf(
          "run %s: nightshift run / SQL: %.2f of the rows/s, %.2f of the CPU time%n",
          run, sql.seconds() / planned.seconds(), planned.cpuSeconds() / sql.cpuSeconds());
    }
  }

  private static Result sql(Path tickets, List<String> options, int rows) throws Exception {
    Map<String, String> with = new TreeMap<>();
    with.put("provider", "nightshift");
    with.put("prompt.system", SYSTEM);
    with.put("prompt.user", USER);
    with.put("answer.choices", String.join(";", CHOICES));
    for (String option : options) {
      String[] pair = option.split("=", 2);
      with.put(pair[0], pair[1]);
    }
    List<String> settings = new ArrayList<>();
    with.forEach((key, value) -> settings.add("'%s' = '%s'".formatted(key, value)));
    Stopwatch stopwatch = new Stopwatch();
    TableEnvironment session =
        StreamTableEnvironment.create(
            StreamExecutionEnvironment.createLocalEnvironment(1),
            EnvironmentSettings.inBatchMode());
    session.executeSql(
        "CREATE TABLE tickets (id BIGINT, guide STRING, body STRING) WITH ('connector' = 'filesystem', 'path' = '%s', 'format' = 'parquet')"
            .formatted(tickets.toUri()));
    session.executeSql(
        "CREATE MODEL queues INPUT (guide STRING, body STRING) OUTPUT (queue STRING, prompt_tokens INT, cached_tokens INT, output_tokens INT) WITH (%s)"
            .formatted(String.join(", ", settings)));
    TokenCounts tokens = TokenCounts.NONE;
    int answered = 0;
    try (CloseableIterator<Row> answers =
        session
            .executeSql(
                "SELECT * FROM ML_PREDICT(TABLE tickets, MODEL queues, DESCRIPTOR(guide, body), MAP['max-concurrent-operations', '512', 'output-mode', 'ALLOW_UNORDERED', 'timeout', '0 s'])")
            .collect()) {
      while (answers.hasNext()) {
        Row answer = answers.next();
        answered += answer.getField("queue") == null ? 0 : 1;
        tokens =
            new TokenCounts(
                tokens.prompt() + answer.<Integer>getFieldAs("prompt_tokens"),
                tokens.cached() + answer.<Integer>getFieldAs("cached_tokens"),
                tokens.output() + answer.<Integer>getFieldAs("output_tokens"));
      }
    }
    requireAll(answered, rows);
    return new Result(stopwatch.seconds(), stopwatch.cpuSeconds(), tokens);
  }

  private static Result planned(Path tickets, Path answers, List<String> options, int rows)
      throws Exception {
    String yaml =
        """
        input: {path: '%s'}
        prompt:
          system: '%s'
          user: "%s"
        answer: {choices: [%s]}
        output: {path: '%s'}
        """
            .formatted(
                tickets, SYSTEM, USER.replace("\n", "\\n"), String.join(", ", CHOICES), answers);
    Stopwatch stopwatch = new Stopwatch();
    RunReport report =
        FlinkPipeline.embedded(ModelLocator.ofThisProcess(System.err::println), new Configuration())
            .run(
                JobSpecification.parse("job.yaml", yaml, options),
                Pipeline.Start.CONTINUE,
                source -> () -> {});
    requireAll(report.rowCounts().of(FinishReason.CHOICE), rows);
    return new Result(stopwatch.seconds(), stopwatch.cpuSeconds(), report.tokens());
  }

  private static void requireAll(long answered, int rows) {
    if (answered != rows) {
      throw new IllegalStateException("%s of %s rows were answered".formatted(answered, rows));
    }
  }
}
