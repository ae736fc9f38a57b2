/**
 * Models in GGUF files, the format of llama.cpp. Start at {@link
 * io.nightshift.runtime.model.gguf.GgufModelFiles}.
 *
 * @see <a href="https://github.com/ggml-org/ggml/blob/master/docs/gguf.md">The GGUF
 *     specification</a>
 */
@NullMarked
package io.nightshift.runtime.model.gguf;

import org.jspecify.annotations.NullMarked;
