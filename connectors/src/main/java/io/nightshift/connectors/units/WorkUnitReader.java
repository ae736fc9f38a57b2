package io.nightshift.connectors.units;

import io.nightshift.connectors.arrow.ArrowBatch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.util.TransferPair;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** Reads a work unit from its beginning, batch by batch, and gives each row all of its tokens. */
public final class WorkUnitReader implements AutoCloseable {
  private final Path file;
  private final int unit;
  private final int rows;
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
    this.rows = description.rows();
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
   * @throws IOException naming the file if it cannot be read, or does not hold what the plan says
   */
  public Optional<ArrowBatch> next() throws IOException {
    try {
      if (nextRow == 0) {
        checkBlocks();
      }
      if (reader.loadNextBatch()) {
        return Optional.of(new ArrowBatch(decode(reader.getVectorSchemaRoot())));
      }
    } catch (OutOfMemoryException outOfMemory) {
      throw outOfMemory;
    } catch (IOException | RuntimeException failure) {
      // Arrow has no exception of its own for most of what can be wrong with a file.
      throw unreadable(String.valueOf(failure.getMessage()), failure);
    }
    if (nextRow != rows) {
      throw unreadable("it has %d rows, the plan says %d".formatted(nextRow, rows), null);
    }
    return Optional.empty();
  }

  /**
   * Moves to the batch that begins with row {@code row}.
   *
   * @throws IOException if no batch begins with it
   */
  public void skipTo(long row) throws IOException {
    while (nextRow < row) {
      Optional<ArrowBatch> skipped = next();
      if (skipped.isEmpty()) {
        break;
      }
      skipped.get().close();
    }
    if (nextRow != row) {
      throw unreadable("no batch begins with row " + row, null);
    }
  }

  /** Arrow allocates what the footer says that a batch has. */
  private void checkBlocks() throws IOException {
    for (ArrowBlock block : reader.getRecordBlocks()) {
      long end = block.getOffset() + block.getMetadataLength() + block.getBodyLength();
      boolean inside =
          block.getOffset() >= 0
              && block.getMetadataLength() >= 0
              && block.getBodyLength() >= 0
              && end >= block.getOffset()
              && end <= channel.size();
      if (!inside) {
        throw new IOException("it names a batch behind its end");
      }
    }
  }

  private VectorSchemaRoot decode(VectorSchemaRoot stored) throws IOException {
    int batchRows = stored.getRowCount();
    if (batchRows < 0 || nextRow + batchRows > rows) {
      throw new IOException("it has more rows than the %d of the plan".formatted(rows));
    }
    List<FieldVector> vectors = new ArrayList<>();
    try {
      decodeTokens(stored, add(vectors, tokenLists(stored).getField().createVector(allocator)));
      for (FieldVector vector : stored.getFieldVectors()) {
        if (!vector.getName().equals(WorkUnitSchema.SHARED_TOKENS)
            && !vector.getName().equals(WorkUnitSchema.TOKENS)) {
          TransferPair transfer = vector.getTransferPair(allocator);
          vectors.add((FieldVector) transfer.getTo());
          transfer.transfer();
        }
      }
      IntVector units = add(vectors, new IntVector(WorkUnitSchema.UNIT, allocator));
      BigIntVector unitRows = add(vectors, new BigIntVector(WorkUnitSchema.UNIT_ROW, allocator));
      for (int row = 0; row < batchRows; row++) {
        units.setSafe(row, unit);
        unitRows.setSafe(row, nextRow + row);
      }
      VectorSchemaRoot root = new VectorSchemaRoot(vectors);
      root.setRowCount(batchRows);
      nextRow += batchRows;
      return root;
    } catch (RuntimeException | IOException failure) {
      vectors.forEach(FieldVector::close);
      throw failure;
    }
  }

  private static <V extends FieldVector> V add(List<FieldVector> vectors, V vector) {
    vectors.add(vector);
    return vector;
  }

  private static ListVector tokenLists(VectorSchemaRoot stored) {
    return (ListVector) stored.getVector(WorkUnitSchema.TOKENS);
  }

  private void decodeTokens(VectorSchemaRoot stored, FieldVector target) throws IOException {
    IntVector shared = (IntVector) stored.getVector(WorkUnitSchema.SHARED_TOKENS);
    ListVector rest = tokenLists(stored);
    IntVector restElements = (IntVector) rest.getDataVector();
    long available = restElements.getDataBuffer().capacity() / Integer.BYTES;
    ListVector all = (ListVector) target;
    IntVector allElements = (IntVector) all.getDataVector();
    for (int row = 0; row < stored.getRowCount(); row++) {
      int common = shared.get(row);
      if (common < 0 || common > previous.length) {
        throw new IOException(
            "row %d shares %d tokens with a row of %d"
                .formatted(nextRow + row, common, previous.length));
      }
      int from = rest.getElementStartIndex(row);
      int to = rest.getElementEndIndex(row);
      if (from < 0 || to < from || to > available) {
        throw new IOException(
            "row %d has the tokens %d to %d of %d".formatted(nextRow + row, from, to, available));
      }
      int[] tokens = Arrays.copyOf(previous, common + to - from);
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
  }

  private IOException unreadable(String why, @Nullable Exception cause) {
    return new IOException(
        "The work unit %s cannot be read: %s. If it is damaged, delete the plan and plan again."
            .formatted(file, why),
        cause);
  }

  @Override
  public void close() throws IOException {
    reader.close();
    channel.close();
  }
}
