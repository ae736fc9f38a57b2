/**
 * Inference: from work units to answers. Start at {@link
 * io.nightshift.operators.infer.InferenceOperator}, the Flink operator that owns an engine.
 *
 * <p>The pipeline of the job creates it with an {@link
 * io.nightshift.operators.infer.InferenceOperatorFactory} and an {@link
 * io.nightshift.operators.infer.EngineFactory} for the device.
 */
@NullMarked
package io.nightshift.operators.infer;

import org.jspecify.annotations.NullMarked;
