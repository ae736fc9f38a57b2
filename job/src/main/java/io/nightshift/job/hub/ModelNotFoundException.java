package io.nightshift.job.hub;

import java.io.IOException;

/** A model is not where it was looked for. The message says where that was, and what to do. */
public final class ModelNotFoundException extends IOException {
  private static final long serialVersionUID = 1L;

  public ModelNotFoundException(String message) {
    super(message);
  }

  public ModelNotFoundException(String message, Throwable cause) {
    super(message, cause);
  }
}
