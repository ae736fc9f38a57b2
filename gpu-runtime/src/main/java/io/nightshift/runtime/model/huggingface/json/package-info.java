/**
 * JSON files of a Hugging Face folder: {@link
 * io.nightshift.runtime.model.huggingface.json.JsonFile}.
 */
@NullMarked
package io.nightshift.runtime.model.huggingface.json;

import org.jspecify.annotations.NullMarked;
