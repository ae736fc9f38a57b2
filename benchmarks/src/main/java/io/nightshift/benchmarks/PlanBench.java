package io.nightshift.benchmarks;

import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.lease.Ownership;
import io.nightshift.operators.plan.ManifestSink;
import io.nightshift.operators.plan.PlanManifest;
import io.nightshift.operators.plan.PrefixPlan;
import io.nightshift.operators.tokenize.PromptKey;
import io.nightshift.operators.tokenize.RowPayload;
import io.nightshift.operators.tokenize.TokenizeFunction;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.util.List;
import java.util.SplittableRandom;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/**
 * Rows a second of the plan, from token ids to work units on disk, its peak heap and its temporary
 * files, for ever more synthetic rows: prompts of one shared prefix of 40 tokens, one of 1,000
 * prefixes of 40 more, and 20 of their own. Before that, what comes before the plan: tokenizing
 * texts of that size. They are compared by the CPU time of the whole process.
 *
 * <pre>PlanBench TASKS MODEL ROWS [ROWS ...]</pre>
 */
public final class PlanBench {
  private static final Schema NOTHING_KEPT = new Schema(List.of());
  static final int GROUPS = 1_000;
  static final int PREFIX = 40;
  static final int OWN = 20;
  private static final long WARM_UP_ROWS = 50_000;
  private static final long TOKENIZED_ROWS = 200_000;

  /** Of Flink's temporary files: what is shuffled and what the sort spills. */
  private static final java.nio.file.Path TMP =
      java.nio.file.Path.of(System.getProperty("java.io.tmpdir"), "plan-bench");

  private static final byte[] NO_COLUMNS = noColumns();

  private PlanBench() {}

  /** Runs the benchmark; see the class. */
  public static void main(String[] arguments) throws Exception {
    Files.createDirectories(TMP);
    int tasks = Integer.parseInt(arguments[0]);
    plan(tasks, 10_000);
    TokenizeJob.run(environment(tasks), arguments[1], WARM_UP_ROWS);
    Stopwatch watch = new Stopwatch();
    TokenizeJob.run(environment(tasks), arguments[1], TOKENIZED_ROWS);
    double tokenizing = watch.cpuSeconds() / TOKENIZED_ROWS;
    System.out.printf(
        "tokenizing %,d rows: %.1f s, %.1f CPU s%n",
        TOKENIZED_ROWS, watch.seconds(), watch.cpuSeconds());
    for (int i = 2; i < arguments.length; i++) {
      measure(tasks, Long.parseLong(arguments[i]), tokenizing);
    }
  }

  private static void measure(int tasks, long rows, double tokenizingARow) throws Exception {
    heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    try (SpilledBytes spilled = new SpilledBytes(TMP)) {
      Stopwatch watch = new Stopwatch();
      PlanManifest plan = plan(tasks, rows);
      double seconds = watch.seconds();
      double cpuSeconds = watch.cpuSeconds();
      long peak = heapPools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
      System.out.printf(
          "%,d rows: %.1f s, %,.0f rows/s, %.1f CPU s (%.2f of tokenizing), %d units, %.1f%% of the"
              + " tokens to compute, peak heap %d MiB, temporary files %d MiB%n",
          rows,
          seconds,
          rows / seconds,
          cpuSeconds,
          cpuSeconds / rows / tokenizingARow,
          plan.units().size(),
          100.0 * plan.computedTokens() / plan.promptTokens(),
          peak >> 20,
          spilled.peak() >> 20);
    }
  }

  private static List<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  private static StreamExecutionEnvironment environment(int tasks) {
    Configuration flink = new Configuration();
    flink.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
    flink.set(CoreOptions.TMP_DIRS, TMP.toString());
    StreamExecutionEnvironment environment =
        StreamExecutionEnvironment.createLocalEnvironment(tasks, flink);
    environment.setRuntimeMode(RuntimeExecutionMode.BATCH);
    environment.getConfig().enableObjectReuse();
    return environment;
  }

  private static PlanManifest plan(int tasks, long rows) throws Exception {
    java.nio.file.Path folder = Files.createTempDirectory("plan");
    try {
      StreamExecutionEnvironment environment = environment(tasks);
      var prompts =
          environment
              .fromSequence(0, rows - 1)
              .map(PlanBench::row)
              .returns(TokenizeFunction.ROW_TYPE);
      Path path = new Path(folder.toUri());
      PrefixPlan.of(prompts, rows, path, NOTHING_KEPT, 100_000, 4)
          .sinkTo(new ManifestSink(path, List.of(), NOTHING_KEPT, Ownership.UNDISPUTED))
          .setParallelism(1);
      environment.execute();
      return PlanManifest.read(path)
          .orElseThrow(() -> new IOException("planning ended without a manifest"));
    } finally {
      FileUtils.deleteDirectory(folder.toFile());
    }
  }

  private static Tuple2<PromptKey, RowPayload> row(long id) {
    SplittableRandom random = new SplittableRandom(id);
    int group = random.nextInt(GROUPS);
    int[] tokens = new int[2 * PREFIX + OWN];
    for (int i = 0; i < tokens.length; i++) {
      tokens[i] = i < PREFIX ? i : i < 2 * PREFIX ? group * PREFIX + i : random.nextInt(50_000);
    }
    RowPayload payload = new RowPayload();
    payload.columns = NO_COLUMNS;
    return Tuple2.of(new PromptKey(tokens, "synthetic", id), payload);
  }

  private static byte[] noColumns() {
    try (VectorSchemaRoot nothing =
        VectorSchemaRoot.create(NOTHING_KEPT, ArrowMemory.allocator())) {
      return new ArrowRowCodec(NOTHING_KEPT).encode(nothing, 0);
    }
  }
}
