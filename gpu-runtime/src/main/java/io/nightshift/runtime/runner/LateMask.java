package io.nightshift.runtime.runner;

import io.nightshift.runtime.constraint.mask.TokenMask;
import org.jspecify.annotations.Nullable;

/**
 * The mask of a row whose tokens are constrained. It depends on the token before, which may not be
 * known yet when the row's step is submitted: a runner asks for it in {@link StepInFlight#sample}.
 */
@FunctionalInterface
public interface LateMask {

  /** The allowed tokens; null if the row's token is of no use, so that it may be any. */
  @Nullable TokenMask mask();
}
