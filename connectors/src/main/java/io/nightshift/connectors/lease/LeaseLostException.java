package io.nightshift.connectors.lease;

import java.io.IOException;
import org.apache.flink.runtime.throwable.ThrowableAnnotation;
import org.apache.flink.runtime.throwable.ThrowableType;

/**
 * Another run writes to the output now. Flink does not restart a job that fails with this
 * exception.
 */
@ThrowableAnnotation(ThrowableType.NonRecoverableError)
public final class LeaseLostException extends IOException {
  private static final long serialVersionUID = 1L;

  LeaseLostException(String message) {
    super(message);
  }
}
