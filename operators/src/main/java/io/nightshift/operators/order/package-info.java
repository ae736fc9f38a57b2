/**
 * Sorts answered rows into the order of their input, after inference. Start at {@link
 * io.nightshift.operators.order.InputOrder}. Used by the job that writes an ordered output; knows
 * neither models nor inference.
 */
@NullMarked
package io.nightshift.operators.order;

import org.jspecify.annotations.NullMarked;
