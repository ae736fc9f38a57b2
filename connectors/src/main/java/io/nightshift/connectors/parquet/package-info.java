/**
 * Parquet files as an input and as a Flink sink. This package has no classes of its own; those
 * below build upon one another:
 *
 * <ul>
 *   <li>{@code file} opens a file, {@code decode} turns its column chunks into Arrow vectors;
 *   <li>{@code input} finds and inspects the files of a job's input;
 *   <li>{@code sink} writes files, {@code output} tells which rows the files of a folder have;
 *   <li>{@code compaction} merges small output files.
 * </ul>
 */
@NullMarked
package io.nightshift.connectors.parquet;

import org.jspecify.annotations.NullMarked;
