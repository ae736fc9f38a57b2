/**
 * Where models are: local caches, the Hugging Face hub, other file systems; and how a task finds
 * the model that its job was submitted with. Start at {@link io.nightshift.job.hub.ModelLocator}.
 */
@NullMarked
package io.nightshift.job.hub;

import org.jspecify.annotations.NullMarked;
