/**
 * Files that are there whole or not at all, and disks that are full. Start at {@link
 * io.nightshift.connectors.files.AtomicFile}.
 */
@NullMarked
package io.nightshift.connectors.files;

import org.jspecify.annotations.NullMarked;
