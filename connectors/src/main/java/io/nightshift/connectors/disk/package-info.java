/** Disks that are full. Start at {@link io.nightshift.connectors.disk.FullDiskException}. */
@NullMarked
package io.nightshift.connectors.disk;

import org.jspecify.annotations.NullMarked;
