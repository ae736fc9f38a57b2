/**
 * What S3 needs besides a file system. Start at {@link
 * io.nightshift.connectors.s3.AbandonedUploads}.
 */
@NullMarked
package io.nightshift.connectors.s3;

import org.jspecify.annotations.NullMarked;
