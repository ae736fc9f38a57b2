/** Requests in, completions out. Start at {@link io.nightshift.runtime.engine.LlmEngine}. */
@NullMarked
package io.nightshift.runtime.engine;

import org.jspecify.annotations.NullMarked;
