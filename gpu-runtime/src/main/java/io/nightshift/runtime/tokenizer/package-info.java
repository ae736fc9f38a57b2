/**
 * Conversion between text and token ids, equal to Hugging Face's tokenizers except that control
 * tokens in the text of rows remain plain text. {@link io.nightshift.runtime.tokenizer.Tokenizers}
 * is the entry class.
 */
@NullMarked
package io.nightshift.runtime.tokenizer;

import org.jspecify.annotations.NullMarked;
