package io.nightshift.connectors.units;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PendingUnitsTest {
  private static final int ROWS = 400;

  @Test
  void everyRowIsGivenOnce() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      List<WorkUnitSplit> units = units(1 + random.nextInt(20));
      PendingUnits pending = new PendingUnits(units);
      BitSet[] given =
          IntStream.range(0, units.size()).mapToObj(u -> new BitSet()).toArray(BitSet[]::new);
      long now = 0;
      int readers = 1 + random.nextInt(5);
      for (Optional<WorkUnitSplit> next = pending.next(0, readers, now);
          next.isPresent();
          next = pending.next(random.nextInt(readers), readers, now += random.nextInt(1000))) {
        WorkUnitSplit split = next.get();
        if (random.nextInt(10) == 0) {
          pending.giveBack(List.of(split), random.nextInt(readers));
          continue;
        }
        BitSet rows = given[split.unit()];
        int from = (int) split.rows().from();
        int to = (int) split.rows().to();
        assertThat(rows.get(from, to).isEmpty()).isTrue();
        rows.set(from, to);
      }
      assertThat(pending.splits()).isEmpty();
      for (int unit = 0; unit < given.length; unit++) {
        assertThat(given[unit].cardinality()).isEqualTo(units.get(unit).rows().to());
      }
    }
  }

  @Test
  void aReaderGoesOnWithTheNeighbourOfWhatItHad() {
    PendingUnits pending = new PendingUnits(units(1000));
    int[] last = {-1, -1, -1, -1};
    int jumps = 0;
    for (int i = 0; i < 900; i++) {
      int reader = i % 4;
      int unit = pending.next(reader, 4, i).orElseThrow().unit();
      jumps += last[reader] >= 0 && unit != last[reader] && unit != last[reader] + 1 ? 1 : 0;
      last[reader] = unit;
    }
    assertThat(jumps).isLessThan(10);
  }

  /** Readers of speeds 1, 1, 0.5 and 0.25, which ask for the next split as they begin one. */
  @Test
  void slowAndFastReadersEndTogether() {
    for (int units : new int[] {10, 30, 200}) {
      double[] speeds = {1, 1, 0.5, 0.25};
      double total = units(units).stream().mapToLong(WorkUnitSplit::cost).sum();
      double ideal = total / 2.75;
      assertThat(simulate(units, speeds) / ideal).as("%d units", units).isBetween(1.0, 1.03);
    }
  }

  private static double simulate(int units, double[] speeds) {
    record Event(double time, int reader) {}
    PendingUnits pending = new PendingUnits(units(units));
    PriorityQueue<Event> events = new PriorityQueue<>(Comparator.comparingDouble(Event::time));
    List<Optional<WorkUnitSplit>> queued = new ArrayList<>();
    double end = 0;
    for (int reader = 0; reader < speeds.length; reader++) {
      queued.add(pending.next(reader, speeds.length, 1));
      events.add(new Event(0, reader));
    }
    while (!events.isEmpty()) {
      Event event = events.poll();
      end = Math.max(end, event.time());
      int reader = event.reader();
      Optional<WorkUnitSplit> begun = queued.get(reader);
      if (begun.isPresent()) {
        queued.set(reader, pending.next(reader, speeds.length, 1 + (long) (event.time() * 1000)));
        events.add(new Event(event.time() + begun.get().cost() / speeds[reader], reader));
      }
    }
    return end;
  }

  private static List<WorkUnitSplit> units(int count) {
    List<WorkUnitSplit> splits = new ArrayList<>();
    for (int unit = 0; unit < count; unit++) {
      WorkUnit description = new WorkUnit("unit-" + unit, ROWS, 200_000, 100_000, 0, 0);
      splits.add(new WorkUnitSplit(unit, description, RowSelection.all(description)));
    }
    return splits;
  }
}
