package io.nightshift.operators.tokenize;

import io.nightshift.runtime.tokenizer.RenderedPrompt;
import org.jspecify.annotations.Nullable;

/**
 * A prompt of a row.
 *
 * @param columns what is kept of the row for the output, encoded by {@link
 *     io.nightshift.connectors.arrow.row.ArrowRowCodec}
 */
public record RowPrompt(byte[] columns, Content content) {

  /** What a prompt consists of. */
  public sealed interface Content permits Text, Tokens, Failed {}

  /**
   * A text.
   *
   * @param prompt not tokenized yet
   * @param beginning whether the tokenizer adds its beginning-of-sequence token, which a chat
   *     template writes itself. An empty prompt stays empty
   */
  public record Text(RenderedPrompt prompt, boolean beginning) implements Content {}

  /** Token ids, to which nothing is added. */
  public record Tokens(int[] ids) implements Content {}

  /**
   * The row gives no prompt.
   *
   * @param code the value of the output column {@code error_code}
   */
  public record Failed(String code, @Nullable String message) implements Content {}
}
