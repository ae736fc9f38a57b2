/**
 * From the vocabulary of a GGUF file to the {@code tokenizer.json} that means the same. Start at
 * {@link io.nightshift.runtime.tokenizer.gguf.GgufTokenizer}.
 */
@NullMarked
package io.nightshift.runtime.tokenizer.gguf;

import org.jspecify.annotations.NullMarked;
