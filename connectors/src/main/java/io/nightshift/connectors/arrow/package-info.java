/**
 * Arrow record batches as a Flink type: what flows between the operators. Start at {@link
 * io.nightshift.connectors.arrow.ArrowBatch}.
 */
@NullMarked
package io.nightshift.connectors.arrow;

import org.jspecify.annotations.NullMarked;
