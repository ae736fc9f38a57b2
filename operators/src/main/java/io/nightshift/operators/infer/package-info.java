/**
 * From work units to answers: the operator that owns an engine. Start at {@link
 * io.nightshift.operators.infer.InferenceOperator}.
 */
@NullMarked
package io.nightshift.operators.infer;

import org.jspecify.annotations.NullMarked;
