/**
 * Models in Hugging Face folders: {@code config.json}, {@code *.safetensors}, {@code
 * tokenizer.json} and related files. {@link
 * io.nightshift.runtime.model.huggingface.HuggingFaceModelFiles} is the entry class, which {@code
 * io.nightshift.runtime.model.formats} uses.
 */
@NullMarked
package io.nightshift.runtime.model.huggingface;

import org.jspecify.annotations.NullMarked;
