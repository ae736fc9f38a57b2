/**
 * What the Parquet files that runs have written contain, read from their footers alone. Start at
 * {@link io.nightshift.connectors.parquet.output.WrittenRows}. The sink writes the record that is
 * read here; a run that resumes reads it.
 */
@NullMarked
package io.nightshift.connectors.parquet.output;

import org.jspecify.annotations.NullMarked;
