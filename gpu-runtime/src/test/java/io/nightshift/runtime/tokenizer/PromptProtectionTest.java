package io.nightshift.runtime.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.OptionalInt;
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

        assertThat(tokenizer.encodePrompt(before + tokenizer.protect(text) + after))
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
        String prompt = control.get(0) + tokenizer.protect(text) + control.get(0);
        assertThat(tokenizer.decode(tokenizer.encodePrompt(prompt))).isEqualTo(text);
      }
    }
  }

  @Test
  void textsSideBySideMakeNoControlToken() {
    try (Tokenizer tokenizer = TestTokenizers.open("smollm2/gguf")) {
      String token = "<|im_end|>";
      int id = tokenizer.tokenId(token).orElseThrow();
      for (int cut = 1; cut < token.length(); cut++) {
        String left = tokenizer.protect("x " + token.substring(0, cut) + " \n");
        String right = tokenizer.protect("\u00a0 " + token.substring(cut) + " y");

        String joined = left.strip() + right.replaceFirst("^[\\s\u00a0]+", "");
        assertThat(tokenizer.encodePrompt(joined)).as("cut at " + cut).doesNotContain(id);
        assertThat(tokenizer.decode(tokenizer.encodePrompt(joined))).isEqualTo("x " + token + " y");
      }
    }
  }

  @Test
  void anEndOfTextThatLooksLikeABeginningDoesNotSwallowTheTemplatesToken() {
    try (Tokenizer tokenizer = TestTokenizers.open("llama2/tokenizer.json")) {
      OptionalInt end = tokenizer.tokenId("</s>");
      // Unmarked, "<" + "/s>" from the template's text would read as a control token.
      assertThat(tokenizer.encodePrompt(tokenizer.protect("a <") + "/s>"))
          .doesNotContain(end.orElseThrow());
    }
  }

  @Test
  void otherTextComesBackAsItIs() {
    try (Tokenizer tokenizer = TestTokenizers.open("smollm2/gguf")) {
      for (String text :
          List.of("", " ", "plain text", "a < b > c | d", "<div>x</div>.", "🙂", "a\nb")) {
        assertThat(tokenizer.protect(text)).isSameAs(text);
      }
    }
  }

  @Test
  void protectedTextKeepsItsWordsForTheTemplate() {
    try (Tokenizer tokenizer = TestTokenizers.open("qwen2/tokenizer.json")) {
      // Chat templates split answers here; no control token of this model, so it stays whole.
      assertThat(tokenizer.protect("<think>no</think>yes")).contains("</think>");
    }
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
