package io.nightshift.benchmarks;

import io.nightshift.runtime.bench.Workload;
import io.nightshift.runtime.kvcache.KvCache;
import io.nightshift.runtime.scheduler.ScheduledSequence;
import io.nightshift.runtime.scheduler.Scheduler;
import io.nightshift.runtime.scheduler.SchedulerLimits;
import io.nightshift.runtime.scheduler.SchedulerOutput;
import io.nightshift.runtime.scheduler.Sequence;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One step's scheduling with 256 running sequences: decodes, chunks of new prompts looked up in the
 * prefix tree and inserted into it, finished sequences released, cold prefixes evicted.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class SchedulerBenchmark {
  private static final int BLOCK_SIZE = 16;
  private static final int CACHE_TOKENS = 524_288;
  private static final int RUNNING = 256;
  private static final int VOCABULARY = 49_152;
  private static final int ROWS = 1024;
  private static final int OUTPUT_TOKENS = 32;

  @Param({"LABEL", "DOCQA", "GENERATE"})
  private Workload workload = Workload.LABEL;

  private final List<Workload.Row> rows = new ArrayList<>();
  private final Scheduler scheduler =
      new Scheduler(
          new KvCache(CACHE_TOKENS / BLOCK_SIZE, BLOCK_SIZE),
          new SchedulerLimits(2048, 512, RUNNING),
          Optional.empty());
  private int next;

  @Setup
  public void fill() {
    workload.generate(VOCABULARY, ROWS, rows::add);
    for (int i = 0; i < 2 * RUNNING; i++) {
      add();
    }
    while (scheduler.runningCount() < RUNNING) {
      step();
    }
  }

  private void add() {
    Workload.Row row = rows.get(next++ % ROWS);
    int[] prompt = row.promptTokens();
    scheduler.add(Sequence.generating(prompt, prompt.length + OUTPUT_TOKENS));
  }

  @Benchmark
  public SchedulerOutput step() {
    SchedulerOutput output = scheduler.schedule();
    for (ScheduledSequence part : output.sequences()) {
      if (part.last()) {
        advance(part.sequence());
      }
    }
    return output;
  }

  /** Every sequence generates 32 tokens; then a new one takes its place in the queue. */
  private void advance(Sequence sequence) {
    sequence.append(sequence.length() % VOCABULARY);
    if (sequence.outputLength() == OUTPUT_TOKENS) {
      scheduler.finish(sequence);
      add();
    }
  }
}
