package io.nightshift.runtime.bench;

import io.nightshift.runtime.config.EngineConfig;
import io.nightshift.runtime.energy.EnergyCounter;
import io.nightshift.runtime.energy.MeasuredEnergy;
import io.nightshift.runtime.engine.EngineStatistics;
import io.nightshift.runtime.runner.DeviceTime;
import io.nightshift.runtime.runner.GemmFloor;
import io.nightshift.runtime.runner.ModelRunner;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Runs a workload on several engines of this process at once, each on a thread of its own, on a
 * data set with as many rows for each engine as one engine alone would get. What engines take from
 * each other shows in the rows a second: without it, they are those of one engine times their
 * number.
 *
 * @param <R> runner of each engine
 */
public final class DataParallelBenchmark<R extends ModelRunner> implements AutoCloseable {
  private final List<ExecutorService> threads;
  private final List<Member<R>> members;

  /**
   * An engine's runner, with what it is measured with.
   *
   * @param runner closed after the benchmark
   * @param counters of the energy of the runner's devices
   */
  public record Member<R extends ModelRunner>(
      R runner, GemmFloor floor, EngineConfig config, List<EnergyCounter> counters) {
    public Member {
      counters = List.copyOf(counters);
    }
  }

  /** Creates the runner of an engine; called by the engine's thread. */
  @FunctionalInterface
  public interface MemberFactory<R extends ModelRunner> {
    /**
     * @param engine from 0 on
     */
    Member<R> create(int engine) throws Exception;
  }

  /**
   * What a run on several engines showed.
   *
   * @param total of all rows, until the last engine was done; its floor is the mean of the engines'
   * @param engineSeconds time of each engine
   */
  public record Result(Measurement total, List<Double> engineSeconds) {
    public Result {
      engineSeconds = List.copyOf(engineSeconds);
    }
  }

  /** Creates engines, all at once. */
  public DataParallelBenchmark(int engines, MemberFactory<R> factory) throws Exception {
    threads = IntStream.range(0, engines).mapToObj(DataParallelBenchmark::thread).toList();
    members = new ArrayList<>();
    try {
      members.addAll(each(engine -> factory.create(engine)));
    } catch (Exception e) {
      close();
      throw e;
    }
  }

  private static ExecutorService thread(int engine) {
    return Executors.newSingleThreadExecutor(
        task -> {
          Thread thread = new Thread(task, "llm-engine-" + engine);
          thread.setDaemon(true);
          return thread;
        });
  }

  /** The runners, by engine. */
  public List<R> runners() {
    return members.stream().map(Member::runner).toList();
  }

  /**
   * Warms up, measures, and then times the matrix products for the floor.
   *
   * @param workload without constraints
   * @param count first rows of the workload for each engine
   * @throws BenchmarkException if a row could not be answered in full, with the engine's reason
   */
  public Result run(Workload workload, int count, WorkloadOrder order) throws Exception {
    if (workload.isConstrained()) {
      throw new BenchmarkException(
          "workload " + workload + " is measured on one engine: leave out --gpus");
    }
    List<EngineBenchmark> benchmarks =
        members.stream()
            .map(
                member ->
                    new EngineBenchmark(
                        member.runner(), member.floor(), member.config(), member.counters()))
            .toList();
    List<Workload.Row> rows = new ArrayList<>();
    int vocabularySize = members.get(0).runner().config().vocabularySize();
    for (int repetition = 0; repetition < members.size(); repetition++) {
      workload.generate(vocabularySize, count, repetition, rows::add);
    }
    each(
        engine -> {
          benchmarks.get(engine).warmUp(rows.subList(0, count), workload);
          return engine;
        });
    List<List<Workload.Row>> shares = RowShares.deal(order.apply(rows), members.size());
    if (order == WorkloadOrder.PLANNED) {
      // As one engine does, each sorts its rows within the time.
      shares.replaceAll(share -> inOrderOf(rows, share));
    }
    long start = System.nanoTime();
    List<EngineBenchmark.Answered> answered =
        each(engine -> benchmarks.get(engine).answer(shares.get(engine), order, workload));
    long ended = answered.stream().mapToLong(EngineBenchmark.Answered::ended).max().orElseThrow();
    return result(
        each(engine -> benchmarks.get(engine).measurement(answered.get(engine))),
        (ended - start) / 1e9);
  }

  private static List<Workload.Row> inOrderOf(List<Workload.Row> all, List<Workload.Row> some) {
    Set<Integer> numbers = some.stream().map(Workload.Row::row).collect(Collectors.toSet());
    return all.stream().filter(row -> numbers.contains(row.row())).toList();
  }

  private static Result result(List<Measurement> engines, double seconds) {
    Measurement total =
        new Measurement(
            engines.stream().mapToInt(Measurement::rows).sum(),
            seconds,
            engines.stream().mapToLong(Measurement::promptTokens).sum(),
            engines.stream().mapToLong(Measurement::outputTokens).sum(),
            engines.stream().mapToDouble(Measurement::gemmFloorSeconds).average().orElseThrow(),
            engines.stream().mapToDouble(Measurement::gemmOperations).sum(),
            engines.stream().mapToDouble(Measurement::attentionOperations).sum(),
            engines.stream()
                .map(Measurement::deviceTime)
                .flatMap(Optional::stream)
                .reduce(DeviceTime::plus),
            engines.stream()
                .map(Measurement::energy)
                .reduce(MeasuredEnergy.NONE, MeasuredEnergy::plus),
            engines.stream().map(Measurement::engine).reduce(EngineStatistics::plus).orElseThrow());
    return new Result(total, engines.stream().map(Measurement::seconds).toList());
  }

  /** Something that an engine does on its thread. */
  @FunctionalInterface
  private interface Work<T> {
    T of(int engine) throws Exception;
  }

  /** Lets all engines work at once, and returns their results once all are done. */
  private <T> List<T> each(Work<T> work) throws Exception {
    List<Future<T>> running = new ArrayList<>();
    for (int engine = 0; engine < threads.size(); engine++) {
      int number = engine;
      Callable<T> task = () -> work.of(number);
      running.add(threads.get(engine).submit(task));
    }
    List<T> results = new ArrayList<>();
    for (Future<T> each : running) {
      try {
        results.add(each.get());
      } catch (ExecutionException e) {
        throw e.getCause() instanceof Exception cause ? cause : e;
      }
    }
    return results;
  }

  /** Closes the runners, each on its engine's thread. */
  @Override
  public void close() throws Exception {
    try {
      if (!members.isEmpty()) {
        each(
            engine -> {
              members.get(engine).runner().close();
              return engine;
            });
      }
    } finally {
      threads.forEach(ExecutorService::shutdownNow);
    }
  }
}
