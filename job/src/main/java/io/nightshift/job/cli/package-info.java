/**
 * The command line: commands and their arguments, exit status, failure messages, and the process
 * that the launcher or Flink's client has started. Start at {@link
 * io.nightshift.job.cli.NightshiftProgram}. Only the entry class uses it.
 */
@NullMarked
package io.nightshift.job.cli;

import org.jspecify.annotations.NullMarked;
