package io.nightshift.benchmarks.fleet;

import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.source.UnassignedRows;
import io.nightshift.connectors.units.source.WorkUnitAssigner;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/**
 * A job on engines whose speeds differ by a factor of ten, and which are lost now and then. Rows
 * are handed out by the {@link WorkUnitAssigner} of the infer job; time is virtual, and steps take
 * what {@link StepModel} says.
 *
 * <pre>FleetBench ENGINES HOURS LOST_AN_HOUR SECONDS|never [announced]</pre>
 *
 * {@code HOURS} is how long the job would take at best, and {@code LOST_AN_HOUR} a share of the
 * engines, such as 0.05. A lost engine is replaced after {@code SECONDS}; its task goes back to the
 * last checkpoint then, while the others go on, and no checkpoint completes in the meantime. If its
 * end is {@code announced}, it gives its unfinished rows back, and what it has finished is safe, if
 * a checkpoint can complete at that moment. An announced engine that is {@code never} replaced
 * holds up no checkpoint: the job is elastic.
 */
public final class FleetBench {
  private static final int UNIT_ROWS = 400;
  private static final double SLOWEST = 0.1;
  private static final double CHECKPOINT_SECONDS = 60;
  private static final String NEVER = "never";
  private static final String ANNOUNCED = "announced";
  private static final long SEED = 1;

  private record Event(double time, int engine, int number) {}

  private final PriorityQueue<Event> events =
      new PriorityQueue<>(Comparator.comparingDouble(Event::time));
  private final List<SimulatedEngine> engines = new ArrayList<>();
  private final WorkUnitAssigner assigner;
  private final SplittableRandom random;
  private final double lostAnHour;
  private final double replacementSeconds;
  private final boolean announced;
  private final int rows;
  private long outputTokens;
  private int doneRows;
  private int losses;
  private int checkpoints;

  /**
   * @param replacementSeconds infinite if engines are not replaced
   */
  private FleetBench(
      int engineCount,
      double hours,
      double lostAnHour,
      double replacementSeconds,
      boolean announced) {
    this.lostAnHour = lostAnHour;
    this.replacementSeconds = replacementSeconds;
    this.announced = announced;
    random = new SplittableRandom(SEED);
    double[] speeds =
        IntStream.range(0, engineCount)
            .mapToDouble(engine -> Math.pow(SLOWEST, random.nextDouble()))
            .toArray();
    double rowsPerSecond = Arrays.stream(speeds).sum() / StepModel.rowSeconds();
    int units = (int) (hours * 3600 * rowsPerSecond / UNIT_ROWS);
    rows = units * UNIT_ROWS;
    long unitTokens = (long) UNIT_ROWS * StepModel.PROMPT_TOKENS;
    List<WorkUnit> plan =
        IntStream.range(0, units)
            .mapToObj(unit -> new WorkUnit("unit-" + unit, UNIT_ROWS, unitTokens, unitTokens, 0, 0))
            .toList();
    Arrays.stream(speeds).forEach(speed -> engines.add(new SimulatedEngine(speed, plan)));
    assigner =
        new WorkUnitAssigner(plan, StepModel.OUTPUT_TOKENS, UnassignedRows.of(plan, Map.of()));
  }

  /** Runs the simulation; see the class. */
  public static void main(String[] arguments) {
    new FleetBench(
            Integer.parseInt(arguments[0]),
            Double.parseDouble(arguments[1]),
            Double.parseDouble(arguments[2]),
            arguments[3].equals(NEVER)
                ? Double.POSITIVE_INFINITY
                : Double.parseDouble(arguments[3]),
            List.of(arguments).subList(4, arguments.length).contains(ANNOUNCED))
        .run();
  }

  private void run() {
    for (int number = 0; number < engines.size(); number++) {
      engines.get(number).changesAt = nextLoss(0);
      engines.get(number).ask();
      request(number, 0);
      plan(number);
    }
    double checkpoint = CHECKPOINT_SECONDS;
    double time = 0;
    while (doneRows < rows) {
      Event event = events.remove();
      SimulatedEngine engine = engines.get(event.engine());
      if (event.number() == engine.plannedEvents) {
        time = event.time();
        for (; checkpoint < time; checkpoint += CHECKPOINT_SECONDS) {
          takeCheckpoint();
        }
        engine.advance(time);
        happen(event.engine(), time);
        plan(event.engine());
      }
    }
    report(time);
  }

  private void takeCheckpoint() {
    if (canTakeCheckpoint()) {
      engines.forEach(SimulatedEngine::checkpoint);
      checkpoints++;
    }
  }

  private boolean canTakeCheckpoint() {
    boolean elastic = replacementSeconds == Double.POSITIVE_INFINITY;
    return elastic || engines.stream().allMatch(engine -> engine.isUp);
  }

  private void happen(int number, double time) {
    SimulatedEngine engine = engines.get(number);
    if (time < engine.changesAt) {
      doneRows++;
      outputTokens += StepModel.outputTokens(engine.finish());
      takeRows(number, time);
    } else if (engine.isUp) {
      loseOrLeave(number, time);
    } else {
      engine.replace();
      engine.changesAt = nextLoss(time);
      engine.ask();
      request(number, time);
      takeRows(number, time);
    }
  }

  private void loseOrLeave(int number, double time) {
    SimulatedEngine engine = engines.get(number);
    losses++;
    boolean inTime = announced && canTakeCheckpoint();
    assigner.lose(number, inTime ? engine.leave() : engine.lose(this::undo));
    engine.changesAt = time + replacementSeconds;
    assign(time);
  }

  private void undo(long row) {
    doneRows--;
    outputTokens -= StepModel.outputTokens(row);
  }

  private double nextLoss(double time) {
    return lostAnHour == 0
        ? Double.POSITIVE_INFINITY
        : time - Math.log(1 - random.nextDouble()) / lostAnHour * 3600;
  }

  private void takeRows(int number, double time) {
    while (engines.get(number).takeRows()) {
      request(number, time);
    }
  }

  private void request(int number, double time) {
    assigner.request(number, engines.get(number).unfinishedRows(), nanos(time));
    assign(time);
  }

  private void assign(double time) {
    assigner
        .assign(engines.size(), nanos(time))
        .forEach(
            (number, split) -> {
              SimulatedEngine engine = engines.get(number);
              engine.advance(time);
              engine.addSplit(split);
              takeRows(number, time);
              plan(number);
            });
    assigner.takeFinished().forEach(number -> engines.get(number).noMoreSplits());
  }

  private void plan(int number) {
    SimulatedEngine engine = engines.get(number);
    double next = Math.min(engine.nextFinish(), engine.changesAt);
    if (next < Double.POSITIVE_INFINITY) {
      events.add(new Event(next, number, ++engine.plannedEvents));
    }
  }

  private static long nanos(double seconds) {
    return (long) (seconds * 1e9);
  }

  private void report(double time) {
    engines.forEach(engine -> engine.advance(time));
    double capacity = engines.stream().mapToDouble(e -> e.speed() * e.upSeconds()).sum();
    double idle = engines.stream().mapToDouble(e -> e.speed() * e.idleSeconds()).sum();
    double computed = engines.stream().mapToDouble(SimulatedEngine::tokens).sum();
    double ideal = rows * StepModel.rowSeconds();
    System.out.printf(
        "%,d rows, %d engines, %d lost, %d checkpoints: %.1f min; %.2f%% of the capacity more than at"
            + " best, %.2f%% idle, %.2f%% of the tokens computed again%n",
        rows,
        engines.size(),
        losses,
        checkpoints,
        time / 60,
        100 * (capacity / ideal - 1),
        100 * idle / capacity,
        100 * (computed / outputTokens - 1));
  }
}
