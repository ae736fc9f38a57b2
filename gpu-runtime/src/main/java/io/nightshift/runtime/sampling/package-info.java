/**
 * Sampling of tokens from logits: penalty, temperature, truncation and a draw with the request's
 * own seed. {@link io.nightshift.runtime.sampling.Sampler} is the entry class; the engine and the
 * model runners use it.
 */
@NullMarked
package io.nightshift.runtime.sampling;

import org.jspecify.annotations.NullMarked;
