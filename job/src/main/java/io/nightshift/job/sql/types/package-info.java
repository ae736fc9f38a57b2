/**
 * The output columns of a SQL model as the form of its answers. {@link
 * io.nightshift.job.sql.types.AnswerRowSchema} makes a JSON schema of the columns' types, which
 * constrains the answers, and {@link io.nightshift.job.sql.types.AnswerRowReader} reads an answer
 * back as a row of these types. Nothing that the schema allows is rounded or cut, except fractions
 * of {@code FLOAT} and {@code DOUBLE}.
 */
@NullMarked
package io.nightshift.job.sql.types;

import org.jspecify.annotations.NullMarked;
