/**
 * Where models are: local caches, the Hugging Face hub, other file systems. Start at {@link
 * io.nightshift.job.hub.ModelLocator}.
 */
@NullMarked
package io.nightshift.job.hub;

import org.jspecify.annotations.NullMarked;
