package io.nightshift.runtime.engine;

import io.nightshift.runtime.tokenizer.Tokenizer;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Reasoning in the channels of harmony, the format of gpt-oss. The output is a sequence of messages
 * {@code <|start|>assistant<|channel|>CHANNEL<|message|>TEXT<|end|>}; the prompt ends within the
 * header of the first one. The answer is the message in the channel {@code final}; those before it,
 * in {@code analysis} and {@code commentary}, are reasoning.
 *
 * @param start token that begins a message and its header
 * @param channel token before the name of a channel
 * @param message token between header and text
 * @param end token that ends a message after which others follow
 * @param assistant tokens of the role
 * @param finalChannel tokens of the name of the answer's channel
 * @param maxTokens maximum number of tokens in texts of the reasoning's messages; 0 for no limit
 * @see <a href="https://cookbook.openai.com/articles/openai-harmony">OpenAI harmony response
 *     format</a>
 */
public record HarmonyReasoning(
    int start,
    int channel,
    int message,
    int end,
    int[] assistant,
    int[] finalChannel,
    int maxTokens)
    implements Reasoning {

  private static final String ASSISTANT = "assistant";

  /** Name of the answer's channel. */
  static final String FINAL = "final";

  /** What follows the role in the header of the answer's message. */
  public static final String ANSWER_HEADER = "<|channel|>" + FINAL + "<|message|>";

  /** The format with the tokens of a model; empty if the model lacks one of its control tokens. */
  public static Optional<HarmonyReasoning> find(Tokenizer tokenizer, int maxTokens) {
    OptionalInt start = tokenizer.tokenId("<|start|>");
    OptionalInt channel = tokenizer.tokenId("<|channel|>");
    OptionalInt message = tokenizer.tokenId("<|message|>");
    OptionalInt end = tokenizer.tokenId("<|end|>");
    if (start.isEmpty() || channel.isEmpty() || message.isEmpty() || end.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new HarmonyReasoning(
            start.getAsInt(),
            channel.getAsInt(),
            message.getAsInt(),
            end.getAsInt(),
            tokenizer.encode(ASSISTANT),
            tokenizer.encode(FINAL),
            maxTokens));
  }

  @Override
  public int longestEnd() {
    // Where the name of another channel has begun: <|message|><|end|> and all of a new header.
    return 2 + messageHeader().length;
  }

  /** The whole header of the answer's message. */
  int[] messageHeader() {
    return Tokens.concat(
        new int[] {start}, assistant, new int[] {channel}, finalChannel, new int[] {message});
  }
}
