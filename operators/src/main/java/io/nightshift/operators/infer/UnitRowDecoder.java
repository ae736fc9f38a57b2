package io.nightshift.operators.infer;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.arrow.ArrowBatch;
import io.nightshift.connectors.arrow.IntArrays;
import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.units.WorkUnitSchema;
import io.nightshift.operators.plan.PlannedColumns;
import java.util.Objects;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.IntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.ListVector;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Extracts rows from the batches of a {@link io.nightshift.connectors.units.WorkUnitReader}. Not
 * thread-safe.
 */
final class UnitRowDecoder {
  private final ArrowRowCodec keptColumns;

  UnitRowDecoder(Schema kept) {
    this.keptColumns = new ArrowRowCodec(kept);
  }

  UnitRow read(ArrowBatch batch, int row) {
    VectorSchemaRoot root = batch.root();
    StructVector columns = (StructVector) root.getVector(PlannedColumns.COLUMNS);
    return new UnitRow(
        Objects.requireNonNull(text(root, WorkUnitSchema.UNIT_FILE, row)),
        ((BigIntVector) root.getVector(WorkUnitSchema.UNIT_ROW)).get(row),
        Objects.requireNonNull(text(root, PlannedColumns.SOURCE_FILE, row)),
        ((BigIntVector) root.getVector(PlannedColumns.SOURCE_ROW)).get(row),
        tokens((ListVector) root.getVector(PlannedColumns.TOKENS), row),
        keptColumns.encode(new VectorSchemaRoot(columns.getChildrenFromFields()), row),
        text(root, PlannedColumns.ERROR_CODE, row),
        text(root, PlannedColumns.ERROR_MESSAGE, row));
  }

  private static int[] tokens(ListVector list, int row) {
    IntVector elements = (IntVector) list.getDataVector();
    int start = list.getElementStartIndex(row);
    int[] tokens = new int[list.getElementEndIndex(row) - start];
    IntArrays.read(elements, start, tokens, 0);
    return tokens;
  }

  private static @Nullable String text(VectorSchemaRoot root, String column, int row) {
    VarCharVector vector = (VarCharVector) root.getVector(column);
    return vector.isNull(row) ? null : new String(vector.get(row), UTF_8);
  }
}
