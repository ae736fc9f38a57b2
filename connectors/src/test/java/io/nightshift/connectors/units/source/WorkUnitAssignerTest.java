package io.nightshift.connectors.units.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.units.WorkUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Readers in virtual time, which ask as those of a job do. */
class WorkUnitAssignerTest {
  private static final int ROWS = 400;
  private static final int ROW_COST = 4;
  private static final long SECOND = 1_000_000_000;

  /** Readers of speeds 1, 1, 0.5 and 0.25. */
  @Test
  void slowAndFastReadersEndTogether() {
    for (int units : new int[] {10, 30, 200}) {
      Simulation simulation = new Simulation(units, 1, 1, 0.5, 0.25);
      assertThat(simulation.run() / simulation.idealEnd())
          .as("%d units", units)
          .isBetween(1.0, 1.04);
    }
  }

  /** One that needs as long for eight rows as the others for a fifth of all. */
  @Test
  void aReaderThatWouldHoldTheEndUpGetsNothingThere() {
    Simulation simulation = new Simulation(10, 1, 1, 0.02);
    double end = simulation.run();
    assertThat(end / simulation.idealEnd()).isBetween(1.0, 1.05);
    assertThat(simulation.rowsOf(2)).isPositive();
  }

  @Test
  void ofSlowReadersOnlyEachGetsItsShare() {
    Simulation simulation = new Simulation(2, 0.001, 0.001);
    assertThat(simulation.run() / simulation.idealEnd()).isBetween(1.0, 1.05);
  }

  /** Whatever the speeds, and whoever is lost, all rows are given, and nobody waits for nothing. */
  @Test
  void everyRowIsDoneWhateverTheSpeeds() {
    for (int seed = 0; seed < 100; seed++) {
      Random random = new Random(seed);
      double[] speeds =
          IntStream.range(0, 1 + random.nextInt(12))
              .mapToDouble(reader -> Math.pow(10, -4 * random.nextDouble()))
              .toArray();
      Simulation simulation = new Simulation(1 + random.nextInt(4), speeds);
      simulation.lossEvery = 20 + random.nextInt(200);
      simulation.run();
      assertThat(simulation.done.cardinality()).isEqualTo(simulation.rows);
    }
  }

  @Test
  void theRowsOfALostReaderGoToTheOther() {
    WorkUnitAssigner assigner = assigner(1);
    assigner.request(0, 0, 0);
    assigner.request(1, 0, 0);
    Map<Integer, WorkUnitSplit> first = assigner.assign(2, 0);
    assertThat(first).containsOnlyKeys(0, 1);
    List<WorkUnitSplit> ofLost = new ArrayList<>(List.of(split(first, 0)));
    for (long now = 1; !assigner.unassigned().ranges().isEmpty(); now++) {
      assertThat(assigner.takeFinished()).isEmpty();
      assigner.request(0, 0, now);
      assigner.assign(2, now).values().forEach(ofLost::add);
    }

    assigner.lose(0, ofLost);
    assigner.request(1, 0, SECOND);

    assertThat(assigner.assign(2, SECOND)).containsOnlyKeys(1);
  }

  private static WorkUnitSplit split(Map<Integer, WorkUnitSplit> assigned, int reader) {
    WorkUnitSplit split = assigned.get(reader);
    assertThat(split).isNotNull();
    return split;
  }

  private static WorkUnitAssigner assigner(int units) {
    return new WorkUnitAssigner(units(units), ROW_COST, UnassignedRows.of(units(units), Map.of()));
  }

  private static List<WorkUnit> units(int count) {
    return IntStream.range(0, count)
        .mapToObj(unit -> new WorkUnit("unit-" + unit, ROWS, 200_000, 100_000, 0, 0))
        .toList();
  }

  /** Readers that finish one row after the other. */
  private static final class Simulation {
    private record Event(double time, int reader, int attempt) {}

    private static final class Reader {
      final Deque<WorkUnitSplit> splits = new ArrayDeque<>();
      @Nullable WorkUnitSplit current;
      long nextRow;
      long unfinished;
      long askedWith = -1;
      boolean ended;
      boolean working;
      int attempt;
      int rows;
    }

    private final PriorityQueue<Event> events =
        new PriorityQueue<>(Comparator.comparingDouble(Event::time));
    private final WorkUnitAssigner assigner;
    private final double[] speeds;
    private final List<Reader> readers;
    final int rows;
    final BitSet done = new BitSet();
    int lossEvery = Integer.MAX_VALUE;

    Simulation(int units, double... speeds) {
      this.assigner = assigner(units);
      this.rows = units * ROWS;
      this.speeds = speeds;
      this.readers = IntStream.range(0, speeds.length).mapToObj(number -> new Reader()).toList();
    }

    /** Seconds that readers which all end together would take. */
    double idealEnd() {
      return rows / IntStream.range(0, speeds.length).mapToDouble(i -> speeds[i]).sum();
    }

    int rowsOf(int reader) {
      return readers.get(reader).rows;
    }

    /** Returns when the last row is done, in seconds. */
    double run() {
      for (int reader = 0; reader < speeds.length; reader++) {
        ask(reader, 0);
      }
      double end = 0;
      int steps = 0;
      while (!events.isEmpty()) {
        Event event = events.poll();
        Reader reader = readers.get(event.reader());
        if (event.attempt() != reader.attempt) {
          continue;
        }
        end = event.time();
        if (++steps % lossEvery == 0) {
          lose(event.reader(), end);
        } else {
          finishRow(event.reader(), end);
        }
      }
      assertThat(readers).allMatch(reader -> reader.ended);
      return end;
    }

    private void lose(int number, double time) {
      Reader reader = readers.get(number);
      List<WorkUnitSplit> rest = new ArrayList<>();
      for (WorkUnitSplit split : reader.splits) {
        rest.add(
            split == reader.current
                ? new WorkUnitSplit(
                    split.unit(), split.description(), split.rows().startingAt(reader.nextRow))
                : split);
      }
      reader.splits.clear();
      reader.current = null;
      reader.unfinished = 0;
      reader.attempt++;
      reader.working = false;
      assigner.lose(number, rest);
      assign(time);
      ask(number, time);
    }

    private void finishRow(int number, double time) {
      Reader reader = readers.get(number);
      WorkUnitSplit split = reader.splits.element();
      int row = (int) (split.unit() * ROWS + reader.nextRow);
      assertThat(done.get(row)).isFalse();
      done.set(row);
      reader.rows++;
      reader.nextRow++;
      reader.unfinished--;
      reader.working = false;
      if (reader.nextRow == split.rows().to()) {
        reader.splits.remove();
      }
      if (reader.askedWith > reader.unfinished && reader.unfinished <= reader.askedWith / 2) {
        ask(number, time);
      }
      work(number, time);
    }

    private void ask(int number, double time) {
      Reader reader = readers.get(number);
      reader.askedWith = reader.unfinished;
      assigner.request(number, reader.unfinished, nanos(time));
      assign(time);
    }

    private void assign(double time) {
      assigner
          .assign(readers.size(), nanos(time))
          .forEach(
              (number, split) -> {
                Reader reader = readers.get(number);
                reader.splits.add(split);
                reader.unfinished += split.rows().count();
                reader.askedWith = -1;
                work(number, time);
              });
      for (int number : assigner.takeFinished()) {
        readers.get(number).ended = true;
        readers.get(number).askedWith = -1;
      }
    }

    private void work(int number, double time) {
      Reader reader = readers.get(number);
      if (reader.working || reader.splits.isEmpty()) {
        return;
      }
      reader.working = true;
      WorkUnitSplit split = reader.splits.element();
      events.add(new Event(time + 1 / speeds[number], number, reader.attempt));
      if (split != reader.current) {
        reader.current = split;
        reader.nextRow = split.rows().from();
        if (reader.splits.size() == 1) {
          ask(number, time);
        }
      }
    }

    private static long nanos(double seconds) {
      return (long) (seconds * SECOND);
    }
  }
}
