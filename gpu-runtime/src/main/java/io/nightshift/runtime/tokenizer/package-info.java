/** From text to token ids and back. Start at {@link io.nightshift.runtime.tokenizer.Tokenizer}. */
@NullMarked
package io.nightshift.runtime.tokenizer;

import org.jspecify.annotations.NullMarked;
