/**
 * Decoders of ggml's quantized block types to codes, scales and offsets. {@link
 * io.nightshift.runtime.model.weights.blocks.QuantizedBlocks} is the entry class, which tensors in
 * files use.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/src/ggml-common.h">ggml-common.h</a>
 */
@NullMarked
package io.nightshift.runtime.model.weights.blocks;

import org.jspecify.annotations.NullMarked;
