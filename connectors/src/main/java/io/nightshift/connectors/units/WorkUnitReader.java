package io.nightshift.connectors.units;

import io.nightshift.connectors.arrow.ArrowBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.InvalidArrowFileException;
import org.apache.flink.core.fs.Path;

/** Reads a work unit from its beginning, batch by batch, and gives each row all of its tokens. */
public final class WorkUnitReader implements AutoCloseable {
  private final Path file;
  private final int unit;
  private final BufferAllocator allocator;
  private final FlinkReadChannel channel;
  private final ArrowFileReader reader;
  private int[] previous = {};
  private long nextRow;

  /**
   * @param folder of the plan
   * @param unit number of the unit in the plan
   */
  public WorkUnitReader(Path folder, int unit, WorkUnit description, BufferAllocator allocator)
      throws IOException {
    this.file = new Path(folder, description.file());
    this.unit = unit;
    this.allocator = allocator;
    this.channel = new FlinkReadChannel(file);
    this.reader = new ArrowFileReader(channel, allocator);
  }

  /** The number, in the unit, of the first row of the batch that {@link #next} will give. */
  public long nextRow() {
    return nextRow;
  }

  /**
   * The next batch, which the caller owns: columns of {@link WorkUnitSchema}, {@code tokens}
   * complete, {@code unit} and {@code unit_row} filled; empty at the end.
   *
   * @throws IOException if the file cannot be read
   */
  public Optional<ArrowBatch> next() throws IOException {
    try {
      if (!reader.loadNextBatch()) {
        return Optional.empty();
      }
    } catch (InvalidArrowFileException e) {
      throw new IOException(file + " is no work unit; delete the plan and plan again", e);
    }
    return Optional.of(new ArrowBatch(decode(reader.getVectorSchemaRoot())));
  }

  private VectorSchemaRoot decode(VectorSchemaRoot stored) {
    int rows = stored.getRowCount();
    List<FieldVector> vectors = new ArrayList<>();
    vectors.add(decodeTokens(stored));
    for (FieldVector vector : stored.getFieldVectors()) {
      if (!vector.getName().equals(WorkUnitSchema.SHARED_TOKENS)
          && !vector.getName().equals(WorkUnitSchema.TOKENS)) {
        var transfer = vector.getTransferPair(allocator);
        transfer.transfer();
        vectors.add((FieldVector) transfer.getTo());
      }
    }
    IntVector units = new IntVector(WorkUnitSchema.UNIT, allocator);
    BigIntVector unitRows = new BigIntVector(WorkUnitSchema.UNIT_ROW, allocator);
    for (int row = 0; row < rows; row++) {
      units.setSafe(row, unit);
      unitRows.setSafe(row, nextRow + row);
    }
    vectors.add(units);
    vectors.add(unitRows);
    nextRow += rows;
    VectorSchemaRoot root = new VectorSchemaRoot(vectors);
    root.setRowCount(rows);
    return root;
  }

  private ListVector decodeTokens(VectorSchemaRoot stored) {
    IntVector shared = (IntVector) stored.getVector(WorkUnitSchema.SHARED_TOKENS);
    ListVector rest = (ListVector) stored.getVector(WorkUnitSchema.TOKENS);
    IntVector restElements = (IntVector) rest.getDataVector();
    ListVector all = (ListVector) rest.getField().createVector(allocator);
    IntVector allElements = (IntVector) all.getDataVector();
    for (int row = 0; row < stored.getRowCount(); row++) {
      int common = shared.get(row);
      int from = rest.getElementStartIndex(row);
      int[] tokens = Arrays.copyOf(previous, common + rest.getElementEndIndex(row) - from);
      for (int i = common; i < tokens.length; i++) {
        tokens[i] = restElements.get(from + i - common);
      }
      int start = all.startNewValue(row);
      for (int i = 0; i < tokens.length; i++) {
        allElements.setSafe(start + i, tokens[i]);
      }
      all.endValue(row, tokens.length);
      previous = tokens;
    }
    return all;
  }

  @Override
  public void close() throws IOException {
    reader.close();
    channel.close();
  }
}
