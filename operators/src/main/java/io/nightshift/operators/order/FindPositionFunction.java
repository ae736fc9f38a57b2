package io.nightshift.operators.order;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.operators.report.RunCounter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.flink.api.common.accumulators.LongCounter;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/** Takes rows out of batches and finds the position of each in the whole input. */
final class FindPositionFunction
    extends RichFlatMapFunction<ArrowBatch, Tuple3<Integer, Long, byte[]>> {
  private static final long serialVersionUID = 1L;

  private final ArrayList<String> columns;
  private final SourceColumns source;
  private final HashMap<String, Long> rowsBefore = new HashMap<>();
  private final int parts;
  private final long rows;

  private transient @Nullable ArrowRowCodec codec;
  private transient LongCounter rowsOrdered;

  /**
   * @param columns that are kept
   * @param source columns that tell where a row comes from
   * @param input the files that rows come from, in order
   * @param parts that the positions are divided into
   */
  @SuppressWarnings("NullAway.Init") // Flink calls open() first
  FindPositionFunction(
      List<String> columns, SourceColumns source, List<SourceFile> input, int parts) {
    this.columns = new ArrayList<>(columns);
    this.source = source;
    this.parts = parts;
    long before = 0;
    for (SourceFile file : input) {
      rowsBefore.put(file.path(), before);
      before += file.rows();
    }
    this.rows = before;
  }

  @Override
  public void open(OpenContext context) {
    rowsOrdered = RunCounter.ROWS_ORDERED.register(getRuntimeContext());
  }

  @Override
  public void flatMap(ArrowBatch batch, Collector<Tuple3<Integer, Long, byte[]>> out) {
    try (batch) {
      VectorSchemaRoot root = batch.root();
      VectorSchemaRoot kept = new VectorSchemaRoot(columns.stream().map(root::getVector).toList());
      if (codec == null) {
        codec = new ArrowRowCodec(kept.getSchema());
      }
      VarCharVector files = (VarCharVector) root.getVector(source.file());
      BigIntVector numbers = (BigIntVector) root.getVector(source.row());
      for (int row = 0; row < batch.rows(); row++) {
        long position = position(new String(files.get(row), UTF_8), numbers.get(row), rowsBefore);
        out.collect(Tuple3.of(partOf(position), position, codec.encode(kept, row)));
      }
      rowsOrdered.add(batch.rows());
    }
  }

  private static long position(String file, long row, Map<String, Long> rowsBefore) {
    Long before = rowsBefore.get(file);
    if (before == null) {
      throw new IllegalStateException(
          "An answered row comes from " + file + ", which is not part of any plan of this job");
    }
    return before + row;
  }

  private int partOf(long position) {
    long rowsOfPart = (rows + parts - 1) / parts;
    return (int) (position / rowsOfPart);
  }
}
