package io.nightshift.runtime.sampling;

/** The logits of a row are no distribution: the model has overflowed on its input. */
public final class LogitsException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public LogitsException(String message) {
    super(message);
  }
}
