package io.nightshift.operators.openai;

import io.nightshift.operators.render.RowErrorCode;
import io.nightshift.runtime.engine.RequestError;
import java.util.Locale;

/** The codes of error responses, and their HTTP status. */
final class ErrorCodes {
  static final String UNSUPPORTED_PARAMETER = "unsupported_parameter";
  static final String INVALID_VALUE = "invalid_value";
  static final String INVALID_TYPE = "invalid_type";
  static final String MISSING_PARAMETER = "missing_required_parameter";
  static final String MODEL_NOT_FOUND = "model_not_found";

  private static final String CONTEXT_LENGTH_EXCEEDED = "context_length_exceeded";

  /** Of the plan, and of the engine as well. */
  private static final String TOO_LONG = RowErrorCode.PROMPT_TOO_LONG.columnValue();

  private static final String OF_SERVER =
      RequestError.INVALID_LOGITS.name().toLowerCase(Locale.ROOT);

  private ErrorCodes() {}

  /** The code that OpenAI has for an {@code error_code} of ours, if it has one. */
  static String response(String errorCode) {
    return errorCode.equals(TOO_LONG) ? CONTEXT_LENGTH_EXCEEDED : errorCode;
  }

  /** The status of an error response. */
  static int status(String errorCode) {
    if (errorCode.equals(MODEL_NOT_FOUND)) {
      return 404;
    }
    return errorCode.equals(OF_SERVER) ? 500 : 400;
  }

  /** The type of an error response. */
  static String type(String errorCode) {
    return errorCode.equals(OF_SERVER) ? "server_error" : "invalid_request_error";
  }
}
