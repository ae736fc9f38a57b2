package io.nightshift.operators.plan;

import org.jspecify.annotations.Nullable;

/**
 * A row of a plan.
 *
 * @param tokens token ids of its prompt; empty if there is an error
 * @param sourceFile file that it was read from
 * @param sourceRow its number in that file
 * @param columns the kept input columns, encoded by {@link
 *     io.nightshift.connectors.arrow.row.ArrowRowCodec}
 * @param errorCode why it has no tokens; null if it has some
 * @param errorMessage explains the error; null without one
 */
@SuppressWarnings("ArrayRecordComponent") // Rows are handed over, never compared.
public record PlannedRow(
    int[] tokens,
    String sourceFile,
    long sourceRow,
    byte[] columns,
    @Nullable String errorCode,
    @Nullable String errorMessage) {}
