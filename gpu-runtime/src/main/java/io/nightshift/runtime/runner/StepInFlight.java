package io.nightshift.runtime.runner;

/** A step that was handed to the device, which may not have done it yet. */
public interface StepInFlight {

  /**
   * Whether the step after this one may be submitted before {@link #await}, and may name the tokens
   * that this one samples ({@link StepSequence#sampledBefore}). Otherwise the host makes the tokens
   * out of this step's logits.
   */
  boolean tokensStayOnDevice();

  /**
   * Waits until the step is done.
   *
   * @return what it was asked for; valid until the second step after it is submitted
   * @throws DeviceException if the device failed; the runner must then be closed
   */
  Logits await();

  /** A step that is done. */
  static StepInFlight done(Logits logits) {
    return new StepInFlight() {
      @Override
      public boolean tokensStayOnDevice() {
        return false;
      }

      @Override
      public Logits await() {
        return logits;
      }
    };
  }
}
