/**
 * JSON Schema, drafts 4 to 2020-12, compiled to a grammar. Start at {@link
 * io.nightshift.runtime.constraint.schema.JsonSchema}.
 *
 * <p>A schema is a Boolean combination of sets of values. {@code ConditionEvaluator} computes the
 * set of each condition as a union of simple sets ({@code ValueSet}), lazily, since schemas
 * recurse; intersection and complement of these are exact, so that {@code allOf}, {@code oneOf},
 * {@code not} and {@code if} need no special cases. {@code GrammarBuilder} leaves out what no
 * finite value can reach, and writes the rest as rules.
 */
@NullMarked
package io.nightshift.runtime.constraint.schema;

import org.jspecify.annotations.NullMarked;
