package io.nightshift.operators.openai;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BatchLineTest {
  @Test
  void aLineHasAnIdAnEndpointAndABody() throws InvalidLineException {
    BatchLine line =
        BatchLine.parse(
            """
            {"custom_id": "a", "method": "POST", "url": "/v1/completions", "body": {"prompt": "b"}}
            """);
    assertThat(line.customId()).isEqualTo("a");
    assertThat(line.endpoint()).isEqualTo(Endpoint.COMPLETIONS);
    assertThat(line.body().path("prompt").asText()).isEqualTo("b");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"custom_id\": \"a\"            | 18 | Unexpected end-of-input",
        "{\"custom_id\" \"a\"}            | 14 | was expecting a colon",
        "{\"custom_id\": \"a\"} x         | 21 | Unrecognized token 'x'",
        "{\"custom_id\": 1, \"custom_id\": 2} | 29 | Duplicate field 'custom_id'",
        "[1]                              | 1 | no JSON object",
        "{}                               | 1 | no custom_id",
        "{\"custom_id\": 7}               | 1 | custom_id that is no string",
        "{\"custom_id\": \"\"}            | 1 | empty custom_id",
        "{\"custom_id\": \"a\", \"method\": \"GET\"}  | 1 | method \"GET\"; write POST",
        "{\"custom_id\": \"a\", \"method\": \"POST\", \"url\": \"/v1/responses\"} | 1 | known are /v1/chat",
        "{\"custom_id\": \"a\", \"method\": \"POST\", \"url\": \"/v1/completions\"} | 1 | no body",
        "{\"custom_id\": \"a\", \"method\": \"POST\", \"url\": \"/v1/completions\", \"body\": {}, \"x\": 1} | 1 | key \"x\""
      })
  void anyOtherLineSaysWhereItIsWrong(String line, int column, String message) {
    InvalidLineException wrong =
        catchThrowableOfType(InvalidLineException.class, () -> BatchLine.parse(line));
    assertThat(wrong).hasMessageContaining(message);
    assertThat(wrong.column()).isEqualTo(column);
  }

  @Test
  void aPlaceInTheMessageIsAColumn() {
    InvalidLineException wrong =
        catchThrowableOfType(
            InvalidLineException.class, () -> BatchLine.parse("{\"custom_id\": {\"a\": 1"));
    assertThat(wrong)
        .hasMessage(
            "is no valid JSON: Unexpected end-of-input: expected close marker for Object (start"
                + " marker at column 15)");
  }
}
