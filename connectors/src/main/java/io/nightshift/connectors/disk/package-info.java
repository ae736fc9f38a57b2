/**
 * Files that are there whole or not at all, and disks that are full. Start at {@link
 * io.nightshift.connectors.disk.AtomicFile}.
 */
@NullMarked
package io.nightshift.connectors.disk;

import org.jspecify.annotations.NullMarked;
