package io.nightshift.connectors.units;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.IntArrays;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.arrow.memory.BufferAllocator;
import org.apache.arrow.memory.OutOfMemoryException;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.FieldVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.ipc.ArrowFileReader;
import org.apache.arrow.vector.ipc.message.ArrowBlock;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.arrow.vector.util.TransferPair;
import org.apache.flink.core.fs.Path;
import org.jspecify.annotations.Nullable;

/** Reads rows of a work unit, batch by batch, and completes the sort key of each row. */
public final class WorkUnitReader implements AutoCloseable {
  private final Path file;
  private final byte[] name;
  private final int rows;
  private final RowSelection selection;
  private final KeyNames key;
  private final BufferAllocator allocator;
  private final FlinkReadChannel channel;
  private final ArrowFileReader reader;
  private int[] previous = {};
  private long nextRow;

  /**
   * @param folder of the plan
   * @param unit of the plan
   * @param selection rows to read
   * @param key names of the sort key in the file
   */
  public WorkUnitReader(
      Path folder, WorkUnit unit, RowSelection selection, KeyNames key, BufferAllocator allocator)
      throws IOException {
    this.file = new Path(folder, unit.file());
    this.name = unit.file().getBytes(UTF_8);
    this.rows = unit.rows();
    this.selection = selection;
    this.key = key;
    this.allocator = allocator;
    this.channel = new FlinkReadChannel(file);
    this.reader = new ArrowFileReader(channel, allocator);
  }

  /**
   * Reads the description of a unit from its file.
   *
   * @param folder of the plan
   * @throws IOException naming the file if it cannot be read
   */
  public static WorkUnit describe(Path folder, String file, KeyNames key, BufferAllocator allocator)
      throws IOException {
    Path path = new Path(folder, file);
    try (FlinkReadChannel channel = new FlinkReadChannel(path);
        ArrowFileReader reader = new ArrowFileReader(channel, allocator)) {
      // Reads the footer, which has the metadata.
      reader.getVectorSchemaRoot();
      return WorkUnit.ofProperties(file, reader.getMetaData(), key);
    } catch (OutOfMemoryException outOfMemory) {
      throw outOfMemory;
    } catch (IOException | RuntimeException failure) {
      throw unreadable(path, String.valueOf(failure.getMessage()), failure);
    }
  }

  /** The number, in the unit, of the first row that {@link #next} has not read yet. */
  public long nextRow() {
    return nextRow;
  }

  /**
   * The next batch, not empty, which the caller owns: the complete key, the columns of the format,
   * {@link WorkUnitSchema#UNIT_FILE} and {@link WorkUnitSchema#UNIT_ROW}; empty at the end.
   *
   * @throws IOException naming the file if it cannot be read, or does not match the plan
   */
  public Optional<ArrowBatch> next() throws IOException {
    try {
      if (nextRow == 0) {
        checkBlocks();
      }
      while (nextRow < selection.to() && reader.loadNextBatch()) {
        VectorSchemaRoot batch = decode(reader.getVectorSchemaRoot());
        if (batch.getRowCount() > 0) {
          return Optional.of(new ArrowBatch(batch));
        }
        batch.close();
      }
    } catch (OutOfMemoryException outOfMemory) {
      throw outOfMemory;
    } catch (IOException | RuntimeException failure) {
      // Arrow has no exception of its own for most problems of a file.
      throw unreadable(file, String.valueOf(failure.getMessage()), failure);
    }
    if (nextRow < selection.to()) {
      throw unreadable(file, "it has %s rows, the plan says %s".formatted(nextRow, rows), null);
    }
    return Optional.empty();
  }

  /** Arrow allocates as much as the footer declares for a batch. */
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
        throw new IOException("it declares a batch beyond its end");
      }
    }
  }

  private VectorSchemaRoot decode(VectorSchemaRoot stored) throws IOException {
    int batchRows = stored.getRowCount();
    if (batchRows < 0 || nextRow + batchRows > rows) {
      throw new IOException("it has more rows than the %s of the plan".formatted(rows));
    }
    int[] selected =
        IntStream.range(0, batchRows).filter(row -> selection.includes(nextRow + row)).toArray();
    List<FieldVector> vectors = new ArrayList<>();
    try {
      decodeKeys(stored, add(vectors, keyLists(stored).getField().createVector(allocator)));
      for (FieldVector vector : stored.getFieldVectors()) {
        if (!vector.getName().equals(key.sharedColumn())
            && !vector.getName().equals(key.column())) {
          vectors.add(select(vector, selected, batchRows));
        }
      }
      VarCharVector units = add(vectors, new VarCharVector(WorkUnitSchema.UNIT_FILE, allocator));
      BigIntVector unitRows = add(vectors, new BigIntVector(WorkUnitSchema.UNIT_ROW, allocator));
      for (int row = 0; row < selected.length; row++) {
        units.setSafe(row, name);
        unitRows.setSafe(row, nextRow + selected[row]);
      }
      VectorSchemaRoot root = new VectorSchemaRoot(vectors);
      root.setRowCount(selected.length);
      nextRow += batchRows;
      return root;
    } catch (RuntimeException | IOException failure) {
      vectors.forEach(FieldVector::close);
      throw failure;
    }
  }

  /** Moves a whole vector out of the batch, or copies the selected rows. */
  private FieldVector select(FieldVector vector, int[] selected, int batchRows) {
    TransferPair transfer = vector.getTransferPair(allocator);
    FieldVector target = (FieldVector) transfer.getTo();
    if (selected.length == batchRows) {
      transfer.transfer();
    } else if (vector instanceof StructVector columns) {
      copyColumns(columns, (StructVector) target, selected);
    } else {
      for (int row = 0; row < selected.length; row++) {
        transfer.copyValueSafe(selected[row], row);
      }
      target.setValueCount(selected.length);
    }
    return target;
  }

  /** Arrow's own copying does not support all types that a column may have. */
  private static void copyColumns(StructVector source, StructVector target, int[] selected) {
    ArrowRowCodec codec = new ArrowRowCodec(new Schema(source.getField().getChildren()));
    VectorSchemaRoot from = new VectorSchemaRoot(source.getChildrenFromFields());
    VectorSchemaRoot to = new VectorSchemaRoot(target.getChildrenFromFields());
    for (int row = 0; row < selected.length; row++) {
      target.setIndexDefined(row);
      codec.decode(codec.encode(from, selected[row]), to, row);
    }
    target.setValueCount(selected.length);
  }

  private static <V extends FieldVector> V add(List<FieldVector> vectors, V vector) {
    vectors.add(vector);
    return vector;
  }

  private ListVector keyLists(VectorSchemaRoot stored) {
    return (ListVector) stored.getVector(key.column());
  }

  private void decodeKeys(VectorSchemaRoot stored, FieldVector target) throws IOException {
    IntVector shared = (IntVector) stored.getVector(key.sharedColumn());
    ListVector rest = keyLists(stored);
    IntVector restElements = (IntVector) rest.getDataVector();
    long available = restElements.getDataBuffer().capacity() / Integer.BYTES;
    ListVector all = (ListVector) target;
    IntVector allElements = (IntVector) all.getDataVector();
    int selected = 0;
    for (int row = 0; row < stored.getRowCount(); row++) {
      int common = shared.get(row);
      if (common < 0 || common > previous.length) {
        throw new IOException(
            "row %s shares %s key elements with a row of %s"
                .formatted(nextRow + row, common, previous.length));
      }
      int from = rest.getElementStartIndex(row);
      int to = rest.getElementEndIndex(row);
      if (from < 0 || to < from || to > available) {
        throw new IOException(
            "row %s has the key elements %s to %s of %s"
                .formatted(nextRow + row, from, to, available));
      }
      int[] elements = Arrays.copyOf(previous, common + to - from);
      IntArrays.read(restElements, from, elements, common);
      previous = elements;
      if (selection.includes(nextRow + row)) {
        IntArrays.write(elements, allElements, all.startNewValue(selected));
        all.endValue(selected++, elements.length);
      }
    }
  }

  private static IOException unreadable(Path file, String why, @Nullable Exception cause) {
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
