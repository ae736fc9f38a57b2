/**
 * A grammar of JSON texts: what a JSON Schema is compiled to, and what the pushdown automaton of
 * the package {@code matcher} runs. Start at {@link
 * io.nightshift.runtime.constraint.grammar.ValueRule}.
 */
@NullMarked
package io.nightshift.runtime.constraint.grammar;

import org.jspecify.annotations.NullMarked;
