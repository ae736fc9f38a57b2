/**
 * Text files, compressed or not, and their lines. Start at {@link
 * io.nightshift.connectors.jsonl.file.LineReader}.
 */
@NullMarked
package io.nightshift.connectors.jsonl.file;

import org.jspecify.annotations.NullMarked;
