/**
 * What a model is, whatever file it came in: its architecture, its tensors and its tokenizer files.
 * Start at {@link io.nightshift.runtime.model.ModelFiles}; {@code
 * io.nightshift.runtime.model.formats.ModelFormats} opens them.
 */
@NullMarked
package io.nightshift.runtime.model;

import org.jspecify.annotations.NullMarked;
