package io.nightshift.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.nightshift.job.hub.LocatedModel;
import io.nightshift.job.hub.ModelLocator;
import io.nightshift.job.hub.ModelParts;
import io.nightshift.job.options.ModelSpecification;
import io.nightshift.job.pipeline.DeviceEngines;
import io.nightshift.job.pipeline.ModelPreparation;
import io.nightshift.job.pipeline.TemplatedModel;
import io.nightshift.operators.infer.TaskEngine;
import io.nightshift.operators.render.PromptRenderer;
import io.nightshift.runtime.engine.Completion;
import io.nightshift.runtime.engine.LlmEngine;
import io.nightshift.runtime.engine.Request;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.EnvironmentSettings;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.jspecify.annotations.Nullable;

/**
 * Rows per second of {@code ML_PREDICT} in batch mode, and in alternating runs those of an engine
 * alone with the same prompts. Both begin when the model is open, which another statement keeps it
 * for SQL: with the first row that SQL reads, and with the first step. SQL renders and tokenizes in
 * its time, the engine alone does not.
 *
 * <pre>SqlBench ROWS RUNS PARALLELISM key=value ...</pre>
 *
 * <p>The keys are options of a model in SQL: {@code model.path} and {@code model.device} are
 * needed, and {@code answer.choices} is three labels without {@code answer.max-tokens}. {@code
 * max-concurrent-operations} is that of the query, and {@code words} the length of a row, 40
 * without it: some 250 characters of its own after an instruction that all share.
 */
public final class SqlBench {
  private static final String CONCURRENCY = "max-concurrent-operations";
  private static final String WORDS = "words";
  private static final String DEFAULT_WORDS = "40";
  private static final String TICKETS =
      "CREATE VIEW tickets AS SELECT text_of(id) AS body FROM ids";

  private static final AtomicReference<Instant> FIRST_ROW = new AtomicReference<>();
  private static volatile List<String> texts = List.of();

  private SqlBench() {}

  /** A function of SQL that gives a row its text, and notes when the first one passes. */
  public static final class TextOf extends ScalarFunction {
    private static final long serialVersionUID = 1L;

    /** Returns the text of a row. */
    public String eval(Long row) {
      FIRST_ROW.compareAndSet(null, Instant.now());
      return texts.get(row.intValue());
    }

    @Override
    public boolean isDeterministic() {
      return false; // so that it is not evaluated by the planner
    }
  }

  /** Runs the benchmark; see the class. */
  public static void main(String[] arguments) throws Exception {
    int count = Integer.parseInt(arguments[0]);
    int runs = Integer.parseInt(arguments[1]);
    int parallelism = Integer.parseInt(arguments[2]);
    Map<String, String> options = new TreeMap<>();
    options.put(
        "prompt.system", "Sort the ticket of a customer into one of the queues of support.");
    options.put("prompt.user", "{{ body }}");
    for (String argument : List.of(arguments).subList(3, arguments.length)) {
      String[] pair = argument.split("=", 2);
      options.put(pair[0], pair[1]);
    }
    if (!options.containsKey("answer.max-tokens")) {
      options.putIfAbsent("answer.choices", "billing;outage;other");
    }
    @Nullable String concurrency = options.remove(CONCURRENCY);
    texts = texts(count, Integer.parseInt(options.getOrDefault(WORDS, DEFAULT_WORDS)));
    options.remove(WORDS);
    for (int run = 0; run < runs; run++) {
      Seconds alone = alone(options);
      Seconds sql = sql(options, parallelism, concurrency);
      System.out.printf(
          "run %s: engine alone %.1f rows/s (%.2f s, %.2f CPU s); SQL %.1f rows/s (%.2f s, %.2f CPU s), %.3f of it%n",
          run + 1,
          count / alone.wall(),
          alone.wall(),
          alone.cpu(),
          count / sql.wall(),
          sql.wall(),
          sql.cpu(),
          alone.wall() / sql.wall());
    }
  }

  /**
   * Seconds since a beginning.
   *
   * @param cpu of the process: what a run costs even where others share the machine
   */
  private record Seconds(double wall, double cpu) {
    static Seconds since(Instant began) {
      return new Seconds(
          (System.nanoTime() - began.wall()) / 1e9, (cpuNanoseconds() - began.cpu()) / 1e9);
    }
  }

  /** A beginning, in nanoseconds. */
  private record Instant(long wall, long cpu) {
    static Instant now() {
      return new Instant(System.nanoTime(), cpuNanoseconds());
    }
  }

  private static long cpuNanoseconds() {
    return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
  }

  private static List<String> texts(int count, int length) {
    Random random = new Random(1);
    List<String> words =
        List.of("the", "router", "invoice", "paid", "twice", "is", "down", "since", "monday", "my");
    List<String> made = new ArrayList<>();
    for (int row = 0; row < count; row++) {
      StringBuilder text = new StringBuilder("Ticket " + row + ":");
      for (int i = 0; i < length; i++) {
        text.append(' ').append(words.get(random.nextInt(words.size())));
      }
      made.add(text.toString());
    }
    return made;
  }

  private static Seconds alone(Map<String, String> options) throws Exception {
    ModelSpecification specification = ModelSpecification.of("model", options);
    LocatedModel located =
        ModelLocator.ofThisProcess(System.err::println)
            .locate(specification.model().path(), specification.model().revision(), ModelParts.ALL);
    TemplatedModel model =
        ModelPreparation.prepare(
            specification,
            false,
            located,
            DeviceEngines.of(specification.engine(), located.source()),
            List.of("body"));
    List<int[]> prompts = prompts(located.path(), model);
    int lookAhead = 2 * specification.engine().config().maxRunningSequences();
    try (TaskEngine task = model.model().engines().create()) {
      LlmEngine engine = task.engine();
      Instant began = Instant.now();
      int added = 0;
      int answered = 0;
      while (answered < prompts.size()) {
        for (; added < prompts.size() && added - answered < lookAhead; added++) {
          engine.add(request(added, prompts.get(added), model));
        }
        List<Completion> completions = engine.step();
        answered += completions.size();
      }
      return Seconds.since(began);
    }
  }

  private static List<int[]> prompts(Path path, TemplatedModel model) throws Exception {
    ModelDescription description = ModelFormats.describe(path);
    PromptRenderer renderer =
        new PromptRenderer(
            model.prompt(), description.chatTemplate(), Clock.systemUTC(), List.of("body"));
    List<RenderedPrompt> rendered = new ArrayList<>();
    for (String text : texts) {
      rendered.add(renderer.render(Map.of("body", text)));
    }
    try (Tokenizer tokenizer = Tokenizers.open(description.tokenizerSource())) {
      return tokenizer.encodePrompts(rendered);
    }
  }

  private static Request request(int id, int[] tokens, TemplatedModel model) {
    return new Request(
        id,
        tokens,
        model.answer().samplingOf(tokens),
        model.answer().optionalChoices(),
        Optional.empty());
  }

  private static Seconds sql(
      Map<String, String> options, int parallelism, @Nullable String concurrency) throws Exception {
    try (CloseableIterator<Row> open = keepOpen(options)) {
      open.next();
      return measured(options, parallelism, concurrency);
    }
  }

  /** A statement without end whose rows, one a second, keep the engine open. */
  private static CloseableIterator<Row> keepOpen(Map<String, String> options) {
    TableEnvironment session = session(EnvironmentSettings.inStreamingMode(), 1, options);
    session.executeSql(
        "CREATE TABLE ids (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '1', 'fields.id.min' = '0', 'fields.id.max' = '1')");
    session.executeSql(TICKETS);
    return session.executeSql(query("")).collect();
  }

  private static Seconds measured(
      Map<String, String> options, int parallelism, @Nullable String concurrency) throws Exception {
    TableEnvironment session = session(EnvironmentSettings.inBatchMode(), parallelism, options);
    // Datagen makes 10,000 rows a second by default, and in batch mode all of them before
    // ML_PREDICT
    // starts: the rate of a GPU would be measured beside that of the source.
    session.executeSql(
        "CREATE TABLE ids (id BIGINT) WITH ('connector' = 'datagen', 'rows-per-second' = '100000000', 'number-of-rows' = '%s', 'fields.id.kind' = 'sequence', 'fields.id.start' = '0', 'fields.id.end' = '%s')"
            .formatted(texts.size(), texts.size() - 1));
    session.executeSql(TICKETS);
    String map = concurrency == null ? "" : ", MAP['%s', '%s']".formatted(CONCURRENCY, concurrency);
    FIRST_ROW.set(null);
    int rows = 0;
    try (CloseableIterator<Row> answers = session.executeSql(query(map)).collect()) {
      while (answers.hasNext()) {
        if (answers.next().getField("answer") == null) {
          throw new IllegalStateException("a row was not answered");
        }
        rows++;
      }
    }
    Seconds seconds = Seconds.since(Objects.requireNonNull(FIRST_ROW.get()));
    if (rows != texts.size()) {
      throw new IllegalStateException(rows + " rows came out");
    }
    return seconds;
  }

  private static TableEnvironment session(
      EnvironmentSettings mode, int parallelism, Map<String, String> options) {
    StreamTableEnvironment session =
        StreamTableEnvironment.create(
            StreamExecutionEnvironment.createLocalEnvironment(parallelism), mode);
    session.createTemporaryFunction("text_of", TextOf.class);
    StringBuilder with = new StringBuilder("'provider' = 'nightshift'");
    options.forEach((key, value) -> with.append(", '%s' = '%s'".formatted(key, value)));
    session.executeSql(
        "CREATE MODEL answers INPUT (body STRING) OUTPUT (answer STRING, error_code STRING) WITH (%s)"
            .formatted(with));
    return session;
  }

  private static String query(String map) {
    return "SELECT * FROM ML_PREDICT(TABLE tickets, MODEL answers, DESCRIPTOR(body)%s)"
        .formatted(map);
  }
}
