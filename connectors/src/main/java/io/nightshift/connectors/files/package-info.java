/**
 * Files and folders on any of Flink's file systems: files that appear whole or not at all,
 * listings, and whether two paths lead to the same place. Start at {@link
 * io.nightshift.connectors.files.AtomicFile} to write, and at {@link
 * io.nightshift.connectors.files.FolderListing} to list. Depends on no other package of the
 * project; any package above may use it.
 */
@NullMarked
package io.nightshift.connectors.files;

import org.jspecify.annotations.NullMarked;
