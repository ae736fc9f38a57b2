package io.nightshift.runtime.runner;

/** A step that was submitted to the device, and may not have completed. */
public interface StepInFlight {

  /**
   * Whether the next step may be submitted before {@link #await}, and may refer to the tokens that
   * this one samples ({@link StepSequence#sampledBefore}). Otherwise the host samples the tokens
   * from the logits of this step.
   */
  boolean tokensStayOnDevice();

  /**
   * Samples the tokens of the step, if any of them is constrained; otherwise the step does so on
   * its own, and this does nothing. Asks for the masks ({@link LateMask}), so that the caller must
   * know the tokens of the step before. In the meantime, the device computes the step up to its
   * logits. To be called before {@link #await}, and before the next step is submitted.
   *
   * @throws DeviceException if the device failed; the runner must then be closed
   */
  void sample();

  /**
   * Waits until the step has completed.
   *
   * @return the requested logits; valid until the second step after this one is submitted
   * @throws DeviceException if the device failed; the runner must then be closed
   */
  Logits await();

  /** Returns a step that has completed; the host samples its tokens when they are read. */
  static StepInFlight done(Logits logits) {
    return new StepInFlight() {
      @Override
      public boolean tokensStayOnDevice() {
        return false;
      }

      @Override
      public void sample() {}

      @Override
      public Logits await() {
        return logits;
      }
    };
  }
}
