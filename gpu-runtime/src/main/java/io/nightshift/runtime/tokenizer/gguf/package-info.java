/**
 * Conversion of the vocabulary of a GGUF file to an equivalent {@code tokenizer.json}. {@link
 * io.nightshift.runtime.tokenizer.gguf.GgufTokenizer} is the entry class; {@code
 * io.nightshift.runtime.tokenizer} uses it.
 */
@NullMarked
package io.nightshift.runtime.tokenizer.gguf;

import org.jspecify.annotations.NullMarked;
