package io.nightshift.operators.order;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.ArrowBatchTypeInformation;
import java.util.List;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.apache.flink.api.common.operators.Order;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple3;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;

/**
 * Sorts rows into the order of the input files that they come from, in batch mode. The positions of
 * the rows in the whole input are known, so they are divided evenly among the tasks, each of which
 * sorts its part with Flink's external sort.
 */
public final class InputOrder {
  /** Number of the part, position in the input, columns. */
  static final TypeInformation<Tuple3<Integer, Long, byte[]>> ROW_TYPE =
      Types.TUPLE(Types.INT, Types.LONG, Types.PRIMITIVE_ARRAY(Types.BYTE));

  private static final String POSITION_FIELD = "f1";

  private InputOrder() {}

  /**
   * @param rows batches with the columns of {@code schema} and those of {@code source}
   * @param source columns that tell where a row comes from, which {@code schema} may have or not
   * @param schema of the batches that come out
   * @param input the files that rows come from, in order
   * @return the rows in order: those of task 0, those of task 1, and so on
   */
  public static SingleOutputStreamOperator<ArrowBatch> of(
      DataStream<ArrowBatch> rows, SourceColumns source, Schema schema, List<SourceFile> input) {
    int parts = rows.getExecutionEnvironment().getParallelism();
    List<String> columns = schema.getFields().stream().map(Field::getName).toList();
    return rows.flatMap(new FindPositionFunction(columns, source, input, parts))
        .returns(ROW_TYPE)
        .name("find the position")
        .partitionCustom((part, count) -> part, row -> row.f0)
        .map(row -> row)
        .returns(ROW_TYPE)
        .name("gather a part")
        .fullWindowPartition()
        .sortPartition(POSITION_FIELD, Order.ASCENDING)
        .name("sort by position")
        .transform(
            "gather batches",
            ArrowBatchTypeInformation.INSTANCE,
            new GatherBatchesOperator(schema));
  }
}
