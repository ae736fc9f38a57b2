package io.nightshift.operators.openai;

import org.jspecify.annotations.Nullable;

/** A body cannot be answered as it asks to be. Its line gets an error response. */
final class BodyException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String code;
  private final @Nullable String parameter;

  private BodyException(String code, @Nullable String parameter, String message) {
    super(message);
    this.code = code;
    this.parameter = parameter;
  }

  /** A parameter, or a value of one, that is not honored. */
  static BodyException unsupported(String parameter, String remedy) {
    return new BodyException(
        ErrorCodes.UNSUPPORTED_PARAMETER,
        parameter,
        "'%s' is not supported here: %s".formatted(parameter, remedy));
  }

  static BodyException invalidValue(String parameter, String problem) {
    return new BodyException(
        ErrorCodes.INVALID_VALUE, parameter, "'%s' %s".formatted(parameter, problem));
  }

  static BodyException invalidType(String parameter, String expected) {
    return new BodyException(
        ErrorCodes.INVALID_TYPE, parameter, "'%s' must be %s".formatted(parameter, expected));
  }

  static BodyException missing(String parameter) {
    return new BodyException(
        ErrorCodes.MISSING_PARAMETER,
        parameter,
        "'%s' is missing; it is required".formatted(parameter));
  }

  /** A parameter is missing since the body is one for another endpoint. */
  static BodyException missing(String parameter, Endpoint other) {
    return new BodyException(
        ErrorCodes.MISSING_PARAMETER,
        parameter,
        "'%s' is missing, but there is '%s': is the url to be %s?"
            .formatted(parameter, other.prompt(), other.url()));
  }

  static BodyException unknownModel(String message) {
    return new BodyException(ErrorCodes.MODEL_NOT_FOUND, "model", message);
  }

  String code() {
    return code;
  }

  @Nullable String parameter() {
    return parameter;
  }

  String problem() {
    return String.valueOf(getMessage());
  }
}
