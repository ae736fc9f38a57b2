/**
 * Names of files and folders on any of Flink's file systems: what a folder holds, and whether two
 * paths lead to the same place. Start at {@link io.nightshift.connectors.path.Location}.
 */
@NullMarked
package io.nightshift.connectors.path;

import org.jspecify.annotations.NullMarked;
