/**
 * Access of tasks to the job's model. Start at {@link io.nightshift.operators.model.ModelSource},
 * which the job implements. Used by the operators that need the tokenizer or the weights.
 */
@NullMarked
package io.nightshift.operators.model;

import org.jspecify.annotations.NullMarked;
