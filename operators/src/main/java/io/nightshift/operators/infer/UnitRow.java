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
record UnitRow(
    String unitFile,
    long unitRow,
    String sourceFile,
    long sourceRow,
    int[] tokens,
    byte[] columns,
    @Nullable String errorCode,
    @Nullable String errorMessage) {}
