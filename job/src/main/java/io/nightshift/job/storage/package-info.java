/**
 * What users are told when storage cannot be used. Start at {@link
 * io.nightshift.job.storage.StorageFailure}.
 */
@NullMarked
package io.nightshift.job.storage;

import org.jspecify.annotations.NullMarked;
