/**
 * What S3 needs beyond Flink's file system: incomplete multipart uploads, and keys that no file
 * system shows. Start at {@link io.nightshift.connectors.s3.AbandonedUploads}. Used when a run
 * begins and ends, never by tasks.
 */
@NullMarked
package io.nightshift.connectors.s3;

import org.jspecify.annotations.NullMarked;
