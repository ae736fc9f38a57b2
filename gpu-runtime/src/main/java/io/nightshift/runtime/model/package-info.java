/**
 * What a model is, whatever file it came in: its architecture, its tensors and its tokenizer files.
 * Start at {@link io.nightshift.runtime.model.ModelFiles}.
 */
@NullMarked
package io.nightshift.runtime.model;

import org.jspecify.annotations.NullMarked;
