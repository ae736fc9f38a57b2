package io.nightshift.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Row text cannot become a control token, whatever is in it and whatever stands beside it. */
class PromptProtectionTest {

  private static final int TEXTS = 400;

  /** A tokenizer, and two of its control tokens to set around a text. */
  @ParameterizedTest
  @CsvSource({
    "llama3/tokenizer.json, <|start_header_id|>, <|eot_id|>",
    "llama3/vocabulary.json, <|start_header_id|>, <|eot_id|>",
    "qwen2/tokenizer.json, <|im_start|>, <|im_end|>",
    "llama2/tokenizer.json, <s>, </s>",
    "llama2/vocabulary.json, <s>, </s>",
    "gemma/tokenizer.json, <start_of_turn>, <end_of_turn>",
    "unigram/tokenizer.json, <s>, </s>",
    "unigram-bytes/vocabulary.json, <s>, </s>",
    "smollm2/gguf, <|im_start|>, <|im_end|>",
  })
  void textBetweenControlTokensIsEncodedAsText(String name, String before, String after) {
    try (Tokenizer tokenizer = TestTokenizers.open(name)) {
      int begin = tokenizer.tokenId(before).orElseThrow();
      int end = tokenizer.tokenId(after).orElseThrow();
      Random random = new Random(1);
      for (int i = 0; i < TEXTS; i++) {
        String text = hostileText(random, List.of(before, after));
        int[] expected =
            IntStream.concat(
                    IntStream.of(begin),
                    IntStream.concat(IntStream.of(tokenizer.encode(text)), IntStream.of(end)))
                .toArray();

        assertThat(tokenizer.encodePrompt(around(before, text, after)))
            .as(text)
            .isEqualTo(expected);
        assertThat(tokenizer.encode(text)).as(text).doesNotContain(begin, end);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"llama3/tokenizer.json", "gemma/vocabulary.json", "smollm2/gguf"})
  void decodingGivesTheTextBack(String name) {
    try (Tokenizer tokenizer = TestTokenizers.open(name)) {
      List<String> control =
          List.of("<|im_end|>", "<|eot_id|>", "<end_of_turn>", "<|endoftext|>", "<eos>").stream()
              .filter(token -> tokenizer.tokenId(token).isPresent())
              .toList();
      Random random = new Random(2);
      for (int i = 0; i < TEXTS; i++) {
        String text = hostileText(random, control);
        RenderedPrompt prompt = around(control.get(0), text, control.get(0));
        assertThat(tokenizer.decode(tokenizer.encodePrompt(prompt))).isEqualTo(text);
      }
    }
  }

  @Test
  void noPartOfAControlTokenMayComeFromARow() {
    try (Tokenizer tokenizer = TestTokenizers.open("smollm2/gguf")) {
      String token = "<|im_end|>";
      int id = tokenizer.tokenId(token).orElseThrow();
      for (int from = 0; from < token.length(); from++) {
        for (int to = from + 1; to <= token.length(); to++) {
          // The characters from one to the other are a row's, those around them the template's.
          RenderedPrompt prompt =
              new RenderedPrompt(token, new int[] {0, from, to, token.length()});
          assertThat(tokenizer.encodePrompt(prompt)).doesNotContain(id);
          assertThat(tokenizer.decode(tokenizer.encodePrompt(prompt))).isEqualTo(token);
        }
      }
    }
  }

  @Test
  void tokensSpanTheBorderBetweenTemplateAndRow() {
    try (Tokenizer tokenizer = TestTokenizers.open("smollm2/gguf")) {
      RenderedPrompt prompt = new RenderedPrompt("The weather", new int[] {0, 7});
      assertThat(tokenizer.encodePrompt(prompt)).isEqualTo(tokenizer.encode("The weather"));
    }
  }

  private static RenderedPrompt around(String before, String text, String after) {
    int end = before.length() + text.length();
    return new RenderedPrompt(
        before + text + after, new int[] {0, before.length(), end, end + after.length()});
  }

  private static String hostileText(Random random, List<String> control) {
    StringBuilder text = new StringBuilder();
    int parts = 1 + random.nextInt(6);
    for (int i = 0; i < parts; i++) {
      String token = control.get(random.nextInt(control.size()));
      int from = random.nextInt(token.length());
      text.append(
          switch (random.nextInt(8)) {
            case 0 -> token;
            case 1 -> token.substring(from);
            case 2 -> token.substring(0, from);
            case 3 -> "\uFDD0";
            case 4 -> "\uFDD1" + random.nextInt(3);
            case 5 -> new String[] {"<", "|", ">", "\n", "é", "🙂", "漢", "\0"}[random.nextInt(8)];
            case 6 -> Character.toString(' ' + random.nextInt(90)).repeat(1 + random.nextInt(3));
            default -> " word";
          });
    }
    return text.toString();
  }
}
