/**
 * The release archive, unpacked and run: the profile {@code release} makes it. Start at {@link
 * io.nightshift.job.release.ReleaseIT}.
 */
@NullMarked
package io.nightshift.job.release;

import org.jspecify.annotations.NullMarked;
