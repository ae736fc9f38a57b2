package io.nightshift.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.arrow.ArrowMemory;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.operators.plan.PlannedRow;
import io.nightshift.runtime.bench.Workload;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;

/**
 * Rows of the workload {@code label} in the order of a plan, with two columns to keep: 512 tokens
 * that all share, 152 of their own on average, four tokens of answer. More rows than the workload
 * has come in rounds, each with tokens of its own.
 */
final class LabelRows {
  static final int ANSWER_TOKENS = 4;

  static final Schema KEPT =
      new Schema(
          List.of(
              Field.nullable("id", new ArrowType.Int(64, true)),
              Field.nullable("subject", ArrowType.Utf8.INSTANCE)));

  private LabelRows() {}

  static List<PlannedRow> planned(int vocabularySize, int count) {
    List<PlannedRow> rows = new ArrayList<>(count);
    ArrowRowCodec codec = new ArrowRowCodec(KEPT);
    try (VectorSchemaRoot root = VectorSchemaRoot.create(KEPT, ArrowMemory.allocator())) {
      for (int round = 0; rows.size() < count; round++) {
        int few = Math.min(count - rows.size(), Workload.LABEL.rows());
        // A vocabulary of another size gives other tokens.
        Workload.LABEL.generate(
            vocabularySize - round,
            few,
            row -> rows.add(planned(rows.size(), row.promptTokens(), root, codec)));
      }
    }
    rows.sort(Comparator.comparing(PlannedRow::tokens, Arrays::compare));
    return rows;
  }

  private static PlannedRow planned(
      long id, int[] tokens, VectorSchemaRoot root, ArrowRowCodec codec) {
    ((BigIntVector) root.getVector("id")).setSafe(0, id);
    ((VarCharVector) root.getVector("subject"))
        .setSafe(0, ("The subject of ticket " + id).getBytes(UTF_8));
    return new PlannedRow(
        tokens, "file:/data/tickets/part-00000.parquet", id, codec.encode(root, 0), null, null);
  }
}
