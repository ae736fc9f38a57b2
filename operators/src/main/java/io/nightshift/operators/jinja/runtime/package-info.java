/**
 * What templates compute with: Python's values and operators, the bounds of a rendering, and the
 * errors of an evaluation. Start at {@link io.nightshift.operators.jinja.runtime.Values}, which
 * lists the types of values, and {@link io.nightshift.operators.jinja.runtime.RenderContext}, which
 * every operation takes. {@link io.nightshift.operators.jinja.runtime.Builtins} is what the
 * builtins implement and the syntax tree calls.
 *
 * <p>For the other packages of {@code jinja} only; depends on none of them.
 */
@NullMarked
package io.nightshift.operators.jinja.runtime;

import org.jspecify.annotations.NullMarked;
