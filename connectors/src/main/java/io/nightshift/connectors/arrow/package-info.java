/**
 * Arrow record batches as a Flink type: what flows between the operators. Start at {@link
 * io.nightshift.connectors.arrow.ArrowBatch}. Any package that handles batches may use it.
 */
@NullMarked
package io.nightshift.connectors.arrow;

import org.jspecify.annotations.NullMarked;
