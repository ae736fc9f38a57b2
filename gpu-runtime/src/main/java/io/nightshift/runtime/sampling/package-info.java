/**
 * From logits to a token: penalties, temperature, truncation, a draw with the row's own seed. Start
 * at {@link io.nightshift.runtime.sampling.Sampler}.
 */
@NullMarked
package io.nightshift.runtime.sampling;

import org.jspecify.annotations.NullMarked;
