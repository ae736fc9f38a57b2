package io.nightshift.job.hub;

import java.io.IOException;

/** A model was not found. The message says where it was looked for, and what to do. */
public final class ModelNotFoundException extends IOException {
  private static final long serialVersionUID = 1L;

  public ModelNotFoundException(String message) {
    super(message);
  }

  public ModelNotFoundException(String message, Throwable cause) {
    super(message, cause);
  }
}
