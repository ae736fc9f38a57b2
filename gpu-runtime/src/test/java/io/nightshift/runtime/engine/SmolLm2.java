package io.nightshift.runtime.engine;

import io.nightshift.runtime.model.RealModel;

/** The small real model in the precision that is tested, and what its rounding allows. */
final class SmolLm2 {

  /**
   * The largest difference of a logit that rounding in f32 explains. Logits reach 30, where a unit
   * in the last place is 2e-6; on the way to them some 120 matrix products, each fed by the one
   * before, sum in another order than the reference does. Measured: less than a fifth of this.
   */
  static final double LOGIT_TOLERANCE = 5e-4;

  /** Two logits closer than this may change places: each is off by the tolerance at most. */
  static final double NEAR_TIE = 2 * LOGIT_TOLERANCE;

  private static final int KV_CACHE_TOKENS = 8192;

  private SmolLm2() {}

  static CpuEngines open() {
    return new CpuEngines(RealModel.smolLm2(), KV_CACHE_TOKENS);
  }
}
