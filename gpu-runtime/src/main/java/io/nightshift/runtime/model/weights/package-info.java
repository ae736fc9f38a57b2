/**
 * Weight tensors in memory-mapped files, and decoders of their element types. {@link
 * io.nightshift.runtime.model.weights.TensorTable} is the entry class, which the packages of the
 * file formats use.
 */
@NullMarked
package io.nightshift.runtime.model.weights;

import org.jspecify.annotations.NullMarked;
