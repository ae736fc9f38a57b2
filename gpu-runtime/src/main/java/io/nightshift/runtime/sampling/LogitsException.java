package io.nightshift.runtime.sampling;

/** The logits of a row do not define a distribution, because the model overflowed on its input. */
public final class LogitsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LogitsException(String message) {
    super(message);
  }
}
