package io.nightshift.job.hub;

import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * A task found another model than the one its job was submitted with. Its answers would be mixed
 * with those of the right one, and restarting it does not help. The message names the model and the
 * remedy.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class ModelMismatchException extends IOException {
  private static final long serialVersionUID = 1L;

  public ModelMismatchException(String message) {
    super(message);
  }
}
