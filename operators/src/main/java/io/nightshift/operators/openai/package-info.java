/**
 * OpenAI's batch files: from a line to the requests that it makes, and from their completions to
 * the response. Start at {@link io.nightshift.operators.openai.BodyReader}; {@link
 * io.nightshift.operators.openai.BodyPrompts} and {@link
 * io.nightshift.operators.openai.BodyAnswering} are what the Flink jobs use, and {@link
 * io.nightshift.operators.openai.BatchResponses} writes what comes out.
 */
@NullMarked
package io.nightshift.operators.openai;

import org.jspecify.annotations.NullMarked;
