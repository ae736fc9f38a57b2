/**
 * The JSON Lines files of a job's input: where their lines are, and the types of their columns.
 * Start at {@link io.nightshift.connectors.jsonl.input.JsonLinesInputs}.
 */
@NullMarked
package io.nightshift.connectors.jsonl.input;

import org.jspecify.annotations.NullMarked;
