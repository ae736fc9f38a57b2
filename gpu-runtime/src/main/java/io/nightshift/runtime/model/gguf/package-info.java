/**
 * Models in GGUF files, the format of llama.cpp. {@link
 * io.nightshift.runtime.model.gguf.GgufModelFiles} is the entry class, which {@code
 * io.nightshift.runtime.model.formats} uses.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">The GGUF
 *     specification</a>
 */
@NullMarked
package io.nightshift.runtime.model.gguf;

import org.jspecify.annotations.NullMarked;
