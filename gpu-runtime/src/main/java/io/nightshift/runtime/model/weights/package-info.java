/**
 * Weight tensors in memory-mapped files, and the decoders of their element encodings. Start at
 * {@link io.nightshift.runtime.model.weights.MappedTensor}.
 */
@NullMarked
package io.nightshift.runtime.model.weights;

import org.jspecify.annotations.NullMarked;
