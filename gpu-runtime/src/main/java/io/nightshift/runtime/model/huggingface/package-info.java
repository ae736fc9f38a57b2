/**
 * Models in Hugging Face folders: {@code config.json}, {@code *.safetensors}, {@code
 * tokenizer.json} and what goes with them. Start at {@link
 * io.nightshift.runtime.model.huggingface.HuggingFaceModelFiles}.
 */
@NullMarked
package io.nightshift.runtime.model.huggingface;

import org.jspecify.annotations.NullMarked;
