package io.nightshift.operators.plan;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.nightshift.connectors.arrow.row.ArrowRowCodec;
import io.nightshift.connectors.units.KeyNames;
import io.nightshift.connectors.units.WorkUnitFormat;
import java.util.List;
import org.apache.arrow.vector.BigIntVector;
import org.apache.arrow.vector.VarCharVector;
import org.apache.arrow.vector.VectorSchemaRoot;
import org.apache.arrow.vector.complex.StructVector;
import org.apache.arrow.vector.types.pojo.Field;
import org.apache.arrow.vector.types.pojo.Schema;
import org.jspecify.annotations.Nullable;

/** How {@link PlannedRow}s are stored in work units: with the columns of {@link PlannedColumns}. */
public final class PlannedRowFormat implements WorkUnitFormat<PlannedRow> {
  private final Schema kept;

  /**
   * @param kept schema of the kept input columns
   */
  public PlannedRowFormat(Schema kept) {
    this.kept = kept;
  }

  @Override
  public KeyNames keyNames() {
    return PlannedColumns.KEY;
  }

  @Override
  public List<Field> fields() {
    return PlannedColumns.behindKey(kept);
  }

  @Override
  public int[] key(PlannedRow row) {
    return row.tokens();
  }

  @Override
  public ColumnWriter<PlannedRow> columnWriter(VectorSchemaRoot batch) {
    VarCharVector sourceFile = (VarCharVector) batch.getVector(PlannedColumns.SOURCE_FILE);
    BigIntVector sourceRow = (BigIntVector) batch.getVector(PlannedColumns.SOURCE_ROW);
    VarCharVector errorCode = (VarCharVector) batch.getVector(PlannedColumns.ERROR_CODE);
    VarCharVector errorMessage = (VarCharVector) batch.getVector(PlannedColumns.ERROR_MESSAGE);
    StructVector struct = (StructVector) batch.getVector(PlannedColumns.COLUMNS);
    VectorSchemaRoot columns = new VectorSchemaRoot(struct.getChildrenFromFields());
    ArrowRowCodec codec = new ArrowRowCodec(kept);
    return (row, index) -> {
      setText(sourceFile, index, row.sourceFile());
      sourceRow.setSafe(index, row.sourceRow());
      setText(errorCode, index, row.errorCode());
      setText(errorMessage, index, row.errorMessage());
      struct.setIndexDefined(index);
      codec.decode(row.columns(), columns, index);
      return row.columns().length;
    };
  }

  private static void setText(VarCharVector vector, int index, @Nullable String value) {
    if (value == null) {
      vector.setNull(index);
    } else {
      vector.setSafe(index, value.getBytes(UTF_8));
    }
  }
}
