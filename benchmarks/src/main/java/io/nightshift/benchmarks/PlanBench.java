package io.nightshift.benchmarks;

import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.units.PlanManifest;
import io.nightshift.operators.plan.ManifestSink;
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
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/**
 * Rows a second of the plan, from token ids to work units on disk, and its peak heap, for ever more
 * synthetic rows: prompts of one shared prefix of 40 tokens, one of 1,000 prefixes of 40 more, and
 * 20 of their own.
 *
 * <pre>PlanBench TASKS ROWS [ROWS ...]</pre>
 */
public final class PlanBench {
  private static final Schema NOTHING_KEPT = new Schema(List.of());
  private static final int GROUPS = 1_000;
  private static final int PREFIX = 40;
  private static final int OWN = 20;
  private static final byte[] NO_COLUMNS = noColumns();

  private PlanBench() {}

  /** Runs the benchmark; see the class. */
  public static void main(String[] arguments) throws Exception {
    int tasks = Integer.parseInt(arguments[0]);
    plan(tasks, 10_000);
    for (int i = 1; i < arguments.length; i++) {
      long rows = Long.parseLong(arguments[i]);
      heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
      long began = System.nanoTime();
      PlanManifest plan = plan(tasks, rows);
      double seconds = (System.nanoTime() - began) / 1e9;
      long peak = heapPools().stream().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
      System.out.printf(
          "%,d rows: %.1f s, %,.0f rows/s, %d units, %.1f%% of the tokens to compute, peak heap %d MiB%n",
          rows,
          seconds,
          rows / seconds,
          plan.units().size(),
          100.0 * plan.computedTokens() / plan.promptTokens(),
          peak >> 20);
    }
  }

  private static List<MemoryPoolMXBean> heapPools() {
    return ManagementFactory.getMemoryPoolMXBeans().stream()
        .filter(pool -> pool.getType() == MemoryType.HEAP)
        .toList();
  }

  private static PlanManifest plan(int tasks, long rows) throws Exception {
    java.nio.file.Path folder = Files.createTempDirectory("plan");
    try {
      Configuration flink = new Configuration();
      flink.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
      StreamExecutionEnvironment environment =
          StreamExecutionEnvironment.createLocalEnvironment(tasks, flink);
      environment.setRuntimeMode(RuntimeExecutionMode.BATCH);
      environment.getConfig().enableObjectReuse();
      var prompts =
          environment
              .fromSequence(0, rows - 1)
              .map(PlanBench::row)
              .returns(TokenizeFunction.ROW_TYPE);
      Path path = new Path(folder.toUri());
      PrefixPlan.of(prompts, path, NOTHING_KEPT, 100_000, 4)
          .sinkTo(new ManifestSink(path, List.of(), NOTHING_KEPT))
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
