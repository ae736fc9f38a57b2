/**
 * Who may write to an output: one run at a time, on any of Flink's file systems. Start at {@link
 * io.nightshift.connectors.lease.Lease}.
 */
@NullMarked
package io.nightshift.connectors.lease;

import org.jspecify.annotations.NullMarked;
