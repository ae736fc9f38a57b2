/**
 * Jinja's filters, tests and global functions, and the methods of Python's types, with their
 * formatting languages. Start at {@link io.nightshift.operators.jinja.builtins.StandardBuiltins},
 * the only class for use outside of the package.
 *
 * <p>For {@code jinja} only; depends on {@code jinja.runtime}.
 */
@NullMarked
package io.nightshift.operators.jinja.builtins;

import org.jspecify.annotations.NullMarked;
