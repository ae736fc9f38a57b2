/**
 * Constraints on answers: regular expressions and JSON Schemas, as masks over the vocabulary. Start
 * at {@link io.nightshift.runtime.constraint.Constraint}; the engine uses {@link
 * io.nightshift.runtime.constraint.TokenMatcher}.
 *
 * <p>{@code regex} and {@code schema} read what users write, {@code grammar} is what they become,
 * {@code matcher} is the automaton over bytes, and {@code mask} walks it over the tokens of a
 * vocabulary.
 */
@NullMarked
package io.nightshift.runtime.constraint;

import org.jspecify.annotations.NullMarked;
