/**
 * Answers with a schema as typed columns. {@link io.nightshift.operators.answer.AnswerType} decides
 * the type before a job runs, and {@link io.nightshift.operators.answer.AnswerWriter} writes the
 * values.
 */
@NullMarked
package io.nightshift.operators.answer;

import org.jspecify.annotations.NullMarked;
