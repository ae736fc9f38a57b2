package io.nightshift.job.report;

import org.jspecify.annotations.Nullable;

/**
 * A row whose answer has a low probability.
 *
 * @param sourceFile input file that the row comes from; null if the output has no {@code
 *     source_file} column
 * @param sourceRow number of the row in the file, from 0; null likewise
 * @param field enumerated field with the lowest probability; null for choices
 * @param answer of the row, or of the field
 * @param confidence probability of the answer
 * @param runnerUp the second most likely choice; null if unknown
 * @param text beginning of the row's kept columns; null if the output has none
 */
public record UncertainRow(
    @Nullable String sourceFile,
    @Nullable Long sourceRow,
    @Nullable String field,
    String answer,
    double confidence,
    @Nullable String runnerUp,
    @Nullable String text) {}
