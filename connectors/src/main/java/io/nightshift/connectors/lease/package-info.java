/**
 * Exclusive write access to an output: one run at a time, on any of Flink's file systems. Start at
 * {@link io.nightshift.connectors.lease.Lease}; sinks and sources see it as {@link
 * io.nightshift.connectors.lease.Ownership} only.
 */
@NullMarked
package io.nightshift.connectors.lease;

import org.jspecify.annotations.NullMarked;
