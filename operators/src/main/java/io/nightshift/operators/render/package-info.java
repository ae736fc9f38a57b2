/**
 * From a row to the text of its prompt. Start at {@link
 * io.nightshift.operators.render.PromptRenderer}.
 */
@NullMarked
package io.nightshift.operators.render;

import org.jspecify.annotations.NullMarked;
