package io.nightshift.connectors.units.source;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.connectors.lease.Ownership;
import io.nightshift.connectors.units.KeyNames;
import io.nightshift.connectors.units.UnitsFixture;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.source.UnassignedRows.Range;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.core.fs.Path;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of the rows of a reader that leaves. */
@SuppressWarnings("NullAway.Init") // set before each test
class WorkUnitEnumeratorTest {
  private static final int ROWS = 40;

  private Context context;
  private WorkUnitEnumerator enumerator;

  /** Reader 0 has all rows, and reader 1 has none. */
  @BeforeEach
  void giveAllRowsToOneReader() {
    context = new Context();
    enumerator =
        new WorkUnitEnumerator(
            context,
            new OneUnit(),
            UnassignedRows.of(new OneUnit().units(), Map.of()),
            Ownership.UNDISPUTED,
            true);
    enumerator.start();
    for (int asked = 0; !context.isFinished(0); asked++) {
      assertThat(asked).isLessThan(1000);
      enumerator.handleSourceEvent(0, new WorkUnitRequest(0));
    }
    assertThat(context.rowsOf(0)).isEqualTo(rows(0, ROWS));
    assertThat(context.backlog).isTrue();
  }

  @Test
  void returnedRowsGoToOthersWhenACheckpointHasThem() {
    enumerator.snapshotState(1);
    enumerator.handleSourceEvent(0, returned(10, 30));
    enumerator.handleSourceEvent(1, new WorkUnitRequest(0));

    assertThat(context.confirmations).containsExactly(new ReturnConfirmed(true));
    assertThat(context.backlog).as("a checkpoint is wanted soon").isFalse();
    enumerator.notifyCheckpointComplete(1);
    assertThat(context.rowsOf(1)).as("this one began before").isEqualTo(new BitSet());
    assertThat(context.isFinished(1)).isFalse();

    assertThat(enumerator.snapshotState(2).ranges()).containsExactly(new Range(10, 30));
    assertThat(context.rowsOf(1)).as("this one is not complete").isEqualTo(new BitSet());
    enumerator.notifyCheckpointComplete(2);
    assertThat(context.backlog).isTrue();
    for (int asked = 0; !context.isFinished(1); asked++) {
      assertThat(asked).isLessThan(1000);
      enumerator.handleSourceEvent(1, new WorkUnitRequest(0));
    }
    assertThat(context.rowsOf(1)).isEqualTo(rows(10, 30));
  }

  @Test
  void aReaderThatFailsBeforeThatHasItsRowsAgain() {
    enumerator.handleSourceEvent(0, returned(10, 30));
    enumerator.snapshotState(1);

    enumerator.addSplitsBack(List.of(), 0);

    assertThat(context.backlog).isTrue();
    assertThat(enumerator.snapshotState(2).ranges()).isEmpty();
    enumerator.notifyCheckpointComplete(2);
    enumerator.handleSourceEvent(1, new WorkUnitRequest(0));
    assertThat(context.rowsOf(1)).isEqualTo(new BitSet());
    assertThat(context.isFinished(1)).isTrue();
  }

  @Test
  void theLastReaderDoesNotFinishBeforeItsRowsAreDone() {
    enumerator.handleSourceEvent(0, returned(10, 30));
    enumerator.handleSourceEvent(1, returned(0, 0));

    assertThat(context.confirmations)
        .containsExactly(new ReturnConfirmed(true), new ReturnConfirmed(false));
  }

  private static ReturnedRows returned(int from, int to) {
    return new ReturnedRows(Map.of("unit", rows(from, to)));
  }

  private static BitSet rows(int from, int to) {
    BitSet rows = new BitSet();
    rows.set(from, to);
    return rows;
  }

  private record OneUnit() implements WorkUnits {
    @Override
    public Path folder() {
      return new Path("/plan");
    }

    @Override
    public KeyNames keyNames() {
      return UnitsFixture.KEY;
    }

    @Override
    public long rowCost() {
      return 4;
    }

    @Override
    public List<WorkUnit> units() {
      return List.of(new WorkUnit("unit", ROWS, 4000, 2000, 0, 0));
    }
  }

  /** Two readers, which get what they get. */
  private static final class Context implements SplitEnumeratorContext<WorkUnitSplit> {
    private final Map<Integer, BitSet> rows = new HashMap<>();
    private final List<Integer> finished = new ArrayList<>();
    private final List<ReturnConfirmed> confirmations = new ArrayList<>();
    private boolean backlog;

    BitSet rowsOf(int reader) {
      return rows.getOrDefault(reader, new BitSet());
    }

    boolean isFinished(int reader) {
      return finished.contains(reader);
    }

    @Override
    public void assignSplits(SplitsAssignment<WorkUnitSplit> assignment) {
      assignment
          .assignment()
          .forEach(
              (reader, splits) ->
                  splits.forEach(
                      split -> {
                        BitSet given = rows((int) split.rows().from(), (int) split.rows().to());
                        assertThat(rowsOf(reader).intersects(given)).isFalse();
                        rows.computeIfAbsent(reader, number -> new BitSet()).or(given);
                      }));
    }

    private static BitSet rows(int from, int to) {
      return WorkUnitEnumeratorTest.rows(from, to);
    }

    @Override
    public void sendEventToSourceReader(int reader, SourceEvent event) {
      confirmations.add((ReturnConfirmed) event);
    }

    @Override
    public void signalNoMoreSplits(int reader) {
      finished.add(reader);
    }

    @Override
    public void setIsProcessingBacklog(boolean processing) {
      backlog = processing;
    }

    @Override
    public int currentParallelism() {
      return 2;
    }

    @Override
    public Map<Integer, ReaderInfo> registeredReaders() {
      return Map.of(0, new ReaderInfo(0, "here"), 1, new ReaderInfo(1, "there"));
    }

    @Override
    public SplitEnumeratorMetricGroup metricGroup() {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
      throw new UnsupportedOperationException();
    }

    @Override
    public <T> void callAsync(
        Callable<T> callable, BiConsumer<T, Throwable> handler, long delay, long period) {}

    @Override
    public void runInCoordinatorThread(Runnable runnable) {
      runnable.run();
    }
  }
}
