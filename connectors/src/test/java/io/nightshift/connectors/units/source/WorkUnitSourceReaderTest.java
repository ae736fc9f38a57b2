package io.nightshift.connectors.units.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.units.RowSelection;
import io.nightshift.connectors.units.UnitsFixture;
import io.nightshift.connectors.units.WorkUnit;
import io.nightshift.connectors.units.source.ReadGate.State;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceOutput;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.metrics.groups.SourceReaderMetricGroup;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.util.UserCodeClassLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the reader pauses, and what ends each pause. */
@SuppressWarnings("NullAway.Init") // set before each test
class WorkUnitSourceReaderTest {
  private static final int ROWS = 300;

  @TempDir private Path folder = Path.of("");
  private BufferAllocator allocator;
  private List<WorkUnitSplit> splits;
  private WorkUnitSourceReader reader;
  private ReadGate gate;
  private int rows;
  private final List<Long> requests = new ArrayList<>();
  private final List<Map<String, BitSet>> returned = new ArrayList<>();

  @BeforeEach
  void open() throws IOException {
    allocator = ArrowMemory.allocator().newChildAllocator("test", 0, Long.MAX_VALUE);
    org.apache.flink.core.fs.Path plan =
        new org.apache.flink.core.fs.Path(folder.resolve("plan").toUri());
    List<WorkUnit> units = UnitsFixture.write(plan, ROWS, 1500, 7, allocator).units;
    assertThat(units).hasSizeGreaterThan(1);
    splits =
        units.stream()
            .map(unit -> new WorkUnitSplit(units.indexOf(unit), unit, RowSelection.all(unit)))
            .toList();
    reader = new WorkUnitSourceReader(new Context(), plan, UnitsFixture.KEY, allocator);
    gate = ReadGate.ofCurrentTask();
    reader.start();
  }

  @AfterEach
  void close() throws IOException {
    reader.close();
    allocator.close();
  }

  @Test
  void emitsNothingWhileTheOperatorIsFull() throws IOException {
    reader.addSplits(splits);
    assertThat(poll()).isEqualTo(InputStatus.MORE_AVAILABLE);
    int before = rows;
    assertThat(before).isPositive();

    gate.report(State.FULL, 1);
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    CompletableFuture<Void> pause = reader.isAvailable();
    reader.notifyNoMoreSplits();
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(rows).isEqualTo(before);
    assertThat(pause).as("any event may end a pause").isDone();
    assertThat(reader.isAvailable()).as("and a poll in vain begins another").isNotDone();

    pause = reader.isAvailable();
    gate.report(State.BUSY, 1);
    assertThat(pause).isDone();
    assertThat(poll()).isEqualTo(InputStatus.MORE_AVAILABLE);
    assertThat(rows).isGreaterThan(before);
  }

  @Test
  void splitsThatArriveEndAPause() throws IOException {
    assertThat(requests).containsExactly(0L);
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    CompletableFuture<Void> pause = reader.isAvailable();
    assertThat(pause).isNotDone();

    reader.addSplits(splits);
    assertThat(pause).isDone();
    assertThat(poll()).isEqualTo(InputStatus.MORE_AVAILABLE);
  }

  @Test
  void theEndOfTheInputWaitsForTheOperator() throws IOException {
    reader.addSplits(splits);
    while (poll() == InputStatus.MORE_AVAILABLE) {
      gate.report(State.BUSY, 1);
    }
    assertThat(rows).isEqualTo(ROWS);
    CompletableFuture<Void> pause = reader.isAvailable();
    reader.notifyNoMoreSplits();
    assertThat(pause).isDone();
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    pause = reader.isAvailable();
    assertThat(pause).isNotDone();

    gate.report(State.IDLE, 0);
    assertThat(pause).isDone();
    assertThat(poll()).isEqualTo(InputStatus.END_OF_INPUT);
  }

  @Test
  void rowsThatTheOperatorHasRestoredHoldTheEndBackWithoutAnySplit() throws IOException {
    gate.report(State.BUSY, 1);
    reader.notifyNoMoreSplits();
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    CompletableFuture<Void> pause = reader.isAvailable();

    gate.report(State.IDLE, 0);
    assertThat(pause).isDone();
    assertThat(poll()).isEqualTo(InputStatus.END_OF_INPUT);
  }

  @Test
  void asksAgainWheneverHalfOfItsRowsAreDoneUntilItHasAnAnswer() throws IOException {
    WorkUnitSplit split = splits.get(splits.size() - 1);
    long all = split.rows().count();
    reader.addSplits(List.of(split));
    while (poll() == InputStatus.MORE_AVAILABLE) {
      gate.report(State.BUSY, rows);
    }
    for (long left = all; left >= 0; left--) {
      gate.report(left > 0 ? State.BUSY : State.IDLE, left);
    }
    List<Long> expected = new ArrayList<>(List.of(0L));
    for (long left = all; left > 0; left /= 2) {
      expected.add(left);
    }
    expected.add(0L);
    assertThat(requests).isEqualTo(expected);

    reader.notifyNoMoreSplits();
    gate.report(State.BUSY, 1);
    gate.report(State.IDLE, 0);
    assertThat(requests).as("nothing is asked for any more").isEqualTo(expected);
  }

  @Test
  void aReaderThatLeavesKeepsItsRowsUntilTheyAreReturned() throws IOException {
    reader.addSplits(List.of(splits.get(0)));
    assertThat(poll()).isEqualTo(InputStatus.MORE_AVAILABLE);
    gate.report(State.BUSY, rows);
    int emitted = rows;
    BitSet ofOperator = new BitSet();
    ofOperator.set(1, emitted);
    String unit = splits.get(0).description().file();

    gate.leave(Map.of(unit, ofOperator), finish -> gate.report(State.IDLE, 0));
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    BitSet allButTheFirst = new BitSet();
    allButTheFirst.set(1, splits.get(0).rows().count());
    assertThat(returned).containsExactly(Map.of(unit, allButTheFirst));
    assertThat(rowsOf(reader.snapshotState(1))).isEqualTo(splits.get(0).rows().count() - emitted);

    // The enumerator had assigned it before it knew.
    reader.addSplits(List.of(splits.get(1)));
    reader.handleSourceEvents(new ReturnConfirmed(true));
    assertThat(returned).hasSize(2);
    assertThat(returned.get(1)).containsOnlyKeys(splits.get(1).description().file());
    assertThat(rowsOf(reader.snapshotState(2))).isEqualTo(splits.get(1).rows().count());
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);

    reader.handleSourceEvents(new ReturnConfirmed(true));
    assertThat(reader.snapshotState(3)).isEmpty();
    assertThat(poll()).isEqualTo(InputStatus.END_OF_INPUT);
    assertThat(rows).isEqualTo(emitted);
  }

  @Test
  void withoutPermissionToFinishItJustWaits() throws IOException {
    gate.leave(Map.of(), finish -> assertThat(finish).isFalse());
    reader.handleSourceEvents(new ReturnConfirmed(false));
    assertThat(poll()).isEqualTo(InputStatus.NOTHING_AVAILABLE);
    assertThat(reader.snapshotState(1)).isEmpty();
  }

  private static int rowsOf(List<WorkUnitSplit> state) {
    return state.stream().mapToInt(split -> split.rows().count()).sum();
  }

  @Test
  void theGateGoesWithTheReader() throws IOException {
    reader.close();
    assertThatThrownBy(ReadGate::ofCurrentTask)
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("pipeline.operator-chaining.enabled");
  }

  private InputStatus poll() throws IOException {
    return reader.pollNext(new Output());
  }

  /** Counts and closes what is emitted. */
  private final class Output implements ReaderOutput<ArrowBatch> {
    @Override
    public void collect(ArrowBatch batch) {
      rows += batch.rows();
      batch.close();
    }

    @Override
    public void collect(ArrowBatch batch, long timestamp) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void emitWatermark(Watermark watermark) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void markIdle() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void markActive() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SourceOutput<ArrowBatch> createOutputForSplit(String splitId) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void releaseOutputForSplit(String splitId) {
      throw new UnsupportedOperationException();
    }
  }

  /** Records requests for splits. */
  private final class Context implements SourceReaderContext {
    @Override
    public void sendSplitRequest() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SourceReaderMetricGroup metricGroup() {
      return UnregisteredMetricsGroup.createSourceReaderMetricGroup();
    }

    @Override
    public Configuration getConfiguration() {
      return new Configuration();
    }

    @Override
    public String getLocalHostName() {
      return "localhost";
    }

    @Override
    public int getIndexOfSubtask() {
      return 0;
    }

    @Override
    public void sendSourceEventToCoordinator(SourceEvent event) {
      if (event instanceof ReturnedRows rowsBack) {
        returned.add(rowsBack.rowsByUnit());
      } else {
        requests.add(((WorkUnitRequest) event).unfinishedRows());
      }
    }

    @Override
    public UserCodeClassLoader getUserCodeClassLoader() {
      throw new UnsupportedOperationException();
    }
  }
}
