/**
 * From the source of a template to closures. Start at {@link
 * io.nightshift.operators.jinja.syntax.CompiledTemplate}.
 *
 * <p>{@link io.nightshift.operators.jinja.syntax.Lexer} yields tokens, {@link
 * io.nightshift.operators.jinja.syntax.Parser} builds statements and expressions, {@link
 * io.nightshift.operators.jinja.syntax.Scope} and {@link
 * io.nightshift.operators.jinja.syntax.Symbols} assign a slot to every name by Jinja's scoping
 * rules, and each node compiles itself to a closure over a {@link
 * io.nightshift.operators.jinja.syntax.Frame}.
 *
 * <p>For {@code jinja} only; depends on {@code jinja.runtime}.
 */
@NullMarked
package io.nightshift.operators.jinja.syntax;

import org.jspecify.annotations.NullMarked;
