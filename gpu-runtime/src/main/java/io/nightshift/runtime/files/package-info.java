/**
 * Files that the processes and users of a machine share: locks, and caches that never show half a
 * file. Start at {@link io.nightshift.runtime.files.AtomicWrite}.
 */
@NullMarked
package io.nightshift.runtime.files;

import org.jspecify.annotations.NullMarked;
