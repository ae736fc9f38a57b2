/**
 * The inference engine: requests in, completions out. Start at {@link
 * io.nightshift.runtime.engine.LlmEngine}.
 *
 * <p>Drives the scheduler and a model runner, and knows no device. Used by whatever answers rows:
 * the inference operator and the benchmarks.
 */
@NullMarked
package io.nightshift.runtime.engine;

import org.jspecify.annotations.NullMarked;
