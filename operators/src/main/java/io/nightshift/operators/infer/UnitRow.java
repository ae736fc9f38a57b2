package io.nightshift.operators.infer;

import org.jspecify.annotations.Nullable;

/**
 * A row of a work unit, independent of its batch.
 *
 * @param unitFile name of the file of the unit in the plan
 * @param unitRow number of the row in the unit
 * @param sourceFile input file of the row
 * @param sourceRow number of the row in the input file
 * @param tokens token ids of the prompt; empty if there is an error
 * @param columns the kept input columns, encoded by {@link
 *     io.nightshift.connectors.arrow.row.ArrowRowCodec}
 * @param errorCode why the row has no prompt; null if it has one
 */
public record UnitRow(
    String unitFile,
    long unitRow,
    String sourceFile,
    long sourceRow,
    int[] tokens,
    byte[] columns,
    @Nullable String errorCode,
    @Nullable String errorMessage) {

  /** A seed for the row, which depends only on that of the job and on the source of the row. */
  public long seed(long seedOfJob) {
    long fileSeed = (seedOfJob * 31 + sourceFile.hashCode()) * 0x9E3779B97F4A7C15L;
    return fileSeed + sourceRow;
  }
}
