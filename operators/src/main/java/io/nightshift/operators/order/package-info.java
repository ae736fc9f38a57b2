/**
 * Brings answered rows into the order of their input. Start at {@link
 * io.nightshift.operators.order.InputOrder}.
 */
@NullMarked
package io.nightshift.operators.order;

import org.jspecify.annotations.NullMarked;
