/**
 * From lines to Arrow batches. Start at {@link
 * io.nightshift.connectors.jsonl.decode.JsonLinesFormat}.
 */
@NullMarked
package io.nightshift.connectors.jsonl.decode;

import org.jspecify.annotations.NullMarked;
