package io.nightshift.job.draft;

/**
 * A column that no job can read.
 *
 * @param cause a sentence that names the column and files
 */
record UnreadableColumn(String name, String cause) {}
