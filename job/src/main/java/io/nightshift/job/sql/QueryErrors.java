package io.nightshift.job.sql;

import io.nightshift.job.options.InvalidJobException;
import java.util.concurrent.Callable;
import org.apache.flink.table.api.ValidationException;

/** What is wrong with a model or a query, as Flink shows it: SQL clients print the root cause. */
final class QueryErrors {
  private QueryErrors() {}

  /**
   * Runs what may find something wrong.
   *
   * @param place what it is wrong with
   * @throws ValidationException that names the place, and has no cause
   */
  static <T> T of(String place, Callable<T> action) {
    try {
      return action.call();
    } catch (InvalidJobException | ValidationException | IllegalArgumentException e) {
      String message = String.valueOf(e.getMessage());
      ValidationException named =
          new ValidationException(message.startsWith(place) ? message : place + ": " + message);
      // Clients take what is printed last for the root cause, be it that of a suppressed exception.
      named.setStackTrace(e.getStackTrace());
      throw named;
    } catch (RuntimeException e) {
      throw e;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ValidationException(place + ": interrupted", e);
    } catch (Exception e) {
      throw new ValidationException(place + ": " + e.getMessage(), e);
    }
  }
}
