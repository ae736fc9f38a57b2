/**
 * Replaces many small Parquet files of an output folder by few large ones. Start at {@link
 * io.nightshift.connectors.parquet.compaction.FileGroup}: groups are merged by {@link
 * io.nightshift.connectors.parquet.compaction.FileMerger}, and {@link
 * io.nightshift.connectors.parquet.compaction.Replacements} puts the results in place of their
 * inputs.
 */
@NullMarked
package io.nightshift.connectors.parquet.compaction;

import org.jspecify.annotations.NullMarked;
