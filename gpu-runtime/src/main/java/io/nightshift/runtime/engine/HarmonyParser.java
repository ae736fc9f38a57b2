package io.nightshift.runtime.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Divides an output in the format harmony by its channels. Headers belong to neither part. The
 * answer ends with its message; messages that follow it are not asked for.
 */
final class HarmonyParser implements ReasoningParser {

  /** What the next token belongs to, as long as the answer has not begun. */
  private enum Place {
    BEFORE_MESSAGE,
    ROLE,
    CHANNEL,
    TEXT
  }

  private final Detokenizer detokenizer;
  private final HarmonyReasoning format;
  private final OutputText answer;
  private final List<OutputText> messages = new ArrayList<>();
  private Part part = Part.BEGINNING;
  private Place place = Place.BEFORE_MESSAGE;

  /** Tokens of the role or the channel, whichever is being written. */
  private OutputText header;

  /** The output so far, as long as no control token of the format is in it. */
  private final OutputText unmarked;

  private boolean marked;
  private int reasoningTokens;

  /**
   * @param prompt token ids of the prompt, which ends within the header of the first message or
   *     within its text; if it has no message, the output may begin with one
   */
  HarmonyParser(Detokenizer detokenizer, HarmonyReasoning format, int[] prompt, OutputText answer) {
    this.detokenizer = detokenizer;
    this.format = format;
    this.answer = answer;
    header = text();
    unmarked = text();
    int start = prompt.length - 1;
    while (start >= 0 && prompt[start] != format.start()) {
      start--;
    }
    for (int i = Math.max(0, start); start >= 0 && i < prompt.length; i++) {
      read(prompt[i]);
    }
  }

  private OutputText text() {
    return new OutputText(detokenizer, List.of());
  }

  /** Reads a token of the prompt, whose texts are not those of the output. */
  private void read(int token) {
    if (token == format.end()) {
      part = Part.REASONING;
      messages.clear();
      begin(Place.BEFORE_MESSAGE);
    } else if (place != Place.TEXT) {
      appendToMessages(token);
    }
  }

  @Override
  public boolean append(int token) {
    boolean isControl =
        token == format.start()
            || token == format.channel()
            || token == format.message()
            || token == format.end();
    marked |= isControl;
    if (!marked) {
      unmarked.append(token);
    }
    if (part == Part.BEGINNING && !isControl) {
      part = Part.ANSWER;
    }
    if (part != Part.ANSWER) {
      appendToMessages(token);
      return false;
    }
    return token == format.end() || answer.append(token);
  }

  private void appendToMessages(int token) {
    part = Part.REASONING;
    if (token == format.start()) {
      begin(Place.ROLE);
    } else if (token == format.channel()) {
      begin(Place.CHANNEL);
    } else if (token == format.message()) {
      beginText();
    } else if (token == format.end()) {
      begin(Place.BEFORE_MESSAGE);
    } else if (place == Place.TEXT) {
      messages.get(messages.size() - 1).append(token);
      reasoningTokens++;
    } else {
      header.append(token);
    }
  }

  private void begin(Place next) {
    place = next;
    header = text();
  }

  /** A message without a channel, as other roles have them, is an answer. */
  private void beginText() {
    if (place != Place.CHANNEL || isFinalChannel()) {
      part = Part.ANSWER;
    } else {
      messages.add(text());
    }
    begin(Place.TEXT);
  }

  /** Whether the name of the channel, before a recipient and a content type, is the answer's. */
  private boolean isFinalChannel() {
    return header.finish().strip().split("\\s", 2)[0].equals(HarmonyReasoning.FINAL);
  }

  @Override
  public Part part() {
    return part;
  }

  @Override
  public boolean isAtLimit() {
    return part == Part.REASONING
        && format.maxTokens() > 0
        && reasoningTokens >= format.maxTokens();
  }

  @Override
  public int startToken() {
    return format.channel();
  }

  @Override
  public int[] endMark() {
    int[] end = {format.end()};
    int[] message = {format.message()};
    int[] channel = Tokens.concat(new int[] {format.channel()}, format.finalChannel(), message);
    return switch (place) {
      case BEFORE_MESSAGE -> format.messageHeader();
      case ROLE -> header.isEmpty() ? Tokens.concat(format.assistant(), channel) : channel;
      case CHANNEL -> {
        if (header.isEmpty()) {
          yield Tokens.concat(format.finalChannel(), message);
        }
        yield isFinalChannel() ? message : Tokens.concat(message, end, format.messageHeader());
      }
      case TEXT -> Tokens.concat(end, format.messageHeader());
    };
  }

  @Override
  public int longestEnd() {
    return format.longestEnd();
  }

  @Override
  public @Nullable String finishReasoning() {
    if (messages.isEmpty()) {
      return null;
    }
    return messages.stream()
        .map(text -> text.finish().strip())
        .filter(text -> !text.isEmpty())
        .collect(Collectors.joining("\n\n"));
  }

  /** Without any control token of the format, all of the output is the answer. */
  @Override
  public String finishAnswer() {
    if (part == Part.ANSWER) {
      return answer.finish();
    }
    return marked ? "" : unmarked.finish();
  }
}
