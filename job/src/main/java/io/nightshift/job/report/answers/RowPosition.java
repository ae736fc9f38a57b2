package io.nightshift.job.report.answers;

import io.nightshift.connectors.source.FileSplit;

/**
 * Where a row of an output is.
 *
 * @param part of a file
 * @param row number in the part
 */
record RowPosition(FileSplit part, long row) {}
