package io.nightshift.operators.infer;

import org.jspecify.annotations.Nullable;

/**
 * A row of a work unit, out of its batch.
 *
 * @param unitFile file of the unit, as the plan names it
 * @param unitRow number of the row in the unit
 * @param sourceFile file that the row was read from
 * @param sourceRow number of the row in that file
 * @param tokens token ids of the prompt; empty where there is an error
 * @param columns the kept input columns, encoded by {@link
 *     io.nightshift.connectors.arrow.row.ArrowRowCodec}
 * @param errorCode why the row has no prompt; null where it has one
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
