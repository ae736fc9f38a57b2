/**
 * A model independently of its file format: configuration, tensors, tokenizer definition and chat
 * template. {@link io.nightshift.runtime.model.ModelFiles} is the entry class; {@code
 * io.nightshift.runtime.model.formats.ModelFormats} opens it.
 */
@NullMarked
package io.nightshift.runtime.model;

import org.jspecify.annotations.NullMarked;
