/**
 * From a rendered prompt to token ids: the rows that the plan sorts. Start at {@link
 * io.nightshift.operators.tokenize.TokenizeFunction}. Used by the plan.
 */
@NullMarked
package io.nightshift.operators.tokenize;

import org.jspecify.annotations.NullMarked;
