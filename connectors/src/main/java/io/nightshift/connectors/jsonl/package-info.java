/**
 * JSON Lines files as an input: one JSON object a line. This package has no classes of its own;
 * those below build upon one another:
 *
 * <ul>
 *   <li>{@code file} opens a file and divides it into lines;
 *   <li>{@code decode} parses lines and turns them into Arrow vectors;
 *   <li>{@code input} finds and inspects the files of a job's input.
 * </ul>
 */
@NullMarked
package io.nightshift.connectors.jsonl;

import org.jspecify.annotations.NullMarked;
