package io.nightshift.connectors.units.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.source.UnassignedRows.Range;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PendingUnitsTest {
  private static final int ROWS = 400;
  private static final int ROW_COST = 4;
  private static final double WHOLE_UNITS = Double.POSITIVE_INFINITY;

  @Test
  void everyRowIsGivenOnce() {
    for (int seed = 0; seed < 50; seed++) {
      Random random = new Random(seed);
      List<WorkUnit> units = units(1 + random.nextInt(20));
      PendingUnits pending = pending(units);
      BitSet[] given =
          IntStream.range(0, units.size()).mapToObj(u -> new BitSet()).toArray(BitSet[]::new);
      int readers = 1 + random.nextInt(5);
      for (Optional<WorkUnitSplit> next = pending.next(0, 1);
          next.isPresent();
          next = pending.next(random.nextInt(readers), random.nextInt(200_000))) {
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
      assertThat(pending.rows().ranges()).isEmpty();
      for (int unit = 0; unit < given.length; unit++) {
        assertThat(given[unit].cardinality()).isEqualTo(units.get(unit).rows());
      }
    }
  }

  @Test
  void aReaderGoesOnWithTheNeighborOfWhatItHad() {
    PendingUnits pending = pending(units(1000));
    int[] last = {-1, -1, -1, -1};
    int jumps = 0;
    for (int i = 0; i < 900; i++) {
      int reader = i % 4;
      int unit = pending.next(reader, WHOLE_UNITS).orElseThrow().unit();
      jumps += last[reader] >= 0 && unit != last[reader] && unit != last[reader] + 1 ? 1 : 0;
      last[reader] = unit;
    }
    assertThat(jumps).isLessThan(10);
  }

  /** What is done is not given, and a unit of which all is done never. */
  @Test
  void rowsThatAreDoneAreLeftOut() {
    List<WorkUnit> units = units(4);
    BitSet all = new BitSet();
    all.set(0, ROWS);
    BitSet some = new BitSet();
    some.set(100, 350);
    UnassignedRows rows = UnassignedRows.of(units, Map.of("unit-1", all, "unit-3", some));
    PendingUnits pending = new PendingUnits(new PlanRows(units, ROW_COST), rows);

    Map<Integer, Integer> given = new TreeMap<>();
    for (Optional<WorkUnitSplit> next = pending.next(0, WHOLE_UNITS);
        next.isPresent();
        next = pending.next(0, WHOLE_UNITS)) {
      given.merge(next.get().unit(), next.get().rows().count(), Integer::sum);
    }

    assertThat(rows.ranges()).containsExactly(new Range(0, ROWS), new Range(2 * ROWS, 4 * ROWS));
    assertThat(given).isEqualTo(Map.of(0, ROWS, 2, ROWS, 3, ROWS - 250));
  }

  /** A million units, a thousand readers, some of which were lost: the state is some kilobytes. */
  @Test
  void theStateGrowsWithTheReadersAndNotWithTheUnits() throws IOException {
    int readers = 1000;
    PendingUnits pending = pending(units(1_000_000));
    Random random = new Random(3);
    for (int i = 0; i < 20 * readers; i++) {
      int reader = random.nextInt(readers);
      WorkUnitSplit split = pending.next(reader, WHOLE_UNITS).orElseThrow();
      if (random.nextInt(10) == 0) {
        pending.giveBack(List.of(split), reader);
      }
    }

    UnassignedRowsSerializer serializer = new UnassignedRowsSerializer();
    byte[] state = serializer.serialize(pending.rows());

    assertThat(state).hasSizeLessThan(100_000);
    assertThat(serializer.deserialize(serializer.getVersion(), state)).isEqualTo(pending.rows());
  }

  private static PendingUnits pending(List<WorkUnit> units) {
    return new PendingUnits(new PlanRows(units, ROW_COST), UnassignedRows.of(units, Map.of()));
  }

  private static List<WorkUnit> units(int count) {
    List<WorkUnit> units = new ArrayList<>();
    for (int unit = 0; unit < count; unit++) {
      units.add(new WorkUnit("unit-" + unit, ROWS, 200_000, 100_000, 0, 0));
    }
    return units;
  }
}
