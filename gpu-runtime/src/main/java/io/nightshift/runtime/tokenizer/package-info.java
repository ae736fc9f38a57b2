/**
 * From text to token ids and back, exactly as Hugging Face's tokenizers do it, except that control
 * tokens in row text stay text. Start at {@link io.nightshift.runtime.tokenizer.Tokenizers}.
 */
@NullMarked
package io.nightshift.runtime.tokenizer;

import org.jspecify.annotations.NullMarked;
