package io.nightshift.operators.plan;

import io.nightshift.connectors.arrow.TextVectors;
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
      TextVectors.set(sourceFile, index, row.sourceFile());
      sourceRow.setSafe(index, row.sourceRow());
      TextVectors.set(errorCode, index, row.errorCode());
      TextVectors.set(errorMessage, index, row.errorMessage());
      struct.setIndexDefined(index);
      codec.decode(row.columns(), columns, index);
      return row.columns().length;
    };
  }
}
