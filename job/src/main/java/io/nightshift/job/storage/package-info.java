/**
 * Paths as users write them, and what users are told if storage cannot be used. Start at {@link
 * io.nightshift.job.storage.StorageFailure}. It is below all other packages of the job.
 */
@NullMarked
package io.nightshift.job.storage;

import org.jspecify.annotations.NullMarked;
