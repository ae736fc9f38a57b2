package io.nightshift.runtime.tokenizer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.StreamSupport;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.AfterParameterizedClassInvocation;
import org.junit.jupiter.params.BeforeParameterizedClassInvocation;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A thousand odd texts with the vocabularies of real models, against Hugging Face's tokenizers.
 * Each vocabulary is opened once as {@code tokenizer.json} and once as GGUF file, which takes
 * seconds.
 */
@ParameterizedClass
@ValueSource(strings = {"gemma3", "mixtral", "qwen3", "gpt-oss", "llama3", "cl100k"})
class RealVocabularyTest {
  private static final int TEXTS = 1000;

  /** A user's turn of each model: what the template writes, and "{}" for the text. */
  private static final Map<String, String> TURNS =
      Map.of(
          "gemma3", "<bos><start_of_turn>user\n{}<end_of_turn>\n<start_of_turn>model\n",
          "mixtral", "<s> [INST] {} [/INST]",
          "qwen3", "<|im_start|>user\n{}<|im_end|>\n<|im_start|>assistant\n",
          "gpt-oss", "<|start|>user<|message|>{}<|end|><|start|>assistant",
          "llama3", "<|begin_of_text|><|start_header_id|>user<|end_header_id|>\n\n{}<|eot_id|>",
          "cl100k", "user\n{}<|endoftext|>");

  private static final Set<String> SENTENCE_PIECE = Set.of("gemma3", "mixtral");

  /** What tokenizers add before a text, of those that add something. */
  private static final Map<String, String> BEGINNINGS = Map.of("gemma3", "<bos>", "mixtral", "<s>");

  /** The ends of texts and turns. Most files name only one of them. */
  private static final Map<String, String> ENDS =
      Map.of(
          "gemma3", "<end_of_turn>",
          "mixtral", "</s>",
          "qwen3", "<|im_end|>",
          "gpt-oss", "<|return|> <|call|>",
          "llama3", "<|end_of_text|> <|eot_id|>",
          "cl100k", "<|endoftext|>");

  /** A vocabulary in one of its forms. */
  private record Form(String name, Tokenizer tokenizer) {
    static Form open(String name) {
      return new Form(name, RealVocabularies.open(name));
    }
  }

  @SuppressWarnings("NullAway.Init")
  private static Form json;

  @SuppressWarnings("NullAway.Init")
  private static Form gguf;

  @Parameter
  @SuppressWarnings("NullAway.Init")
  private String name;

  @BeforeParameterizedClassInvocation
  static void open(String name) {
    json = Form.open(name);
    gguf = Form.open(name + ".gguf");
  }

  @AfterParameterizedClassInvocation
  static void close() {
    json.tokenizer().close();
    gguf.tokenizer().close();
  }

  @Test
  void encodesAndDecodesTexts() {
    List<String> texts = RealVocabularies.texts();
    assertThat(texts).hasSize(TEXTS);
    for (Form form : List.of(json, gguf)) {
      encodesAndDecodes(form, texts);
    }
  }

  private static void encodesAndDecodes(Form form, List<String> texts) {
    List<String> hashes = RealVocabularies.hashes(form.name(), "text");
    List<String> decoded = RealVocabularies.hashes(form.name(), "decoded");
    JsonNode ids = RealVocabularies.ids(form.name());
    Tokenizer tokenizer = form.tokenizer();
    List<String> wrong = new ArrayList<>();
    List<String> wronglyDecoded = new ArrayList<>();
    for (int i = 0; i < TEXTS; i++) {
      int[] tokens = tokenizer.encode(texts.get(i));
      if (!RealVocabularies.hash(tokens).equals(hashes.get(i))) {
        wrong.add(i + ": " + texts.get(i));
      }
      if (!RealVocabularies.hash(tokenizer.decode(tokens)).equals(decoded.get(i))) {
        wronglyDecoded.add(i + ": " + texts.get(i));
      }
    }
    SoftAssertions.assertSoftly(
        softly -> {
          ids.properties()
              .forEach(
                  entry ->
                      softly
                          .assertThat(tokenizer.encode(texts.get(Integer.parseInt(entry.getKey()))))
                          .isEqualTo(ints(entry.getValue())));
          softly.assertThat(wrong).as(form.name()).isEmpty();
          softly.assertThat(wronglyDecoded).as(form.name()).isEmpty();
        });
  }

  @Test
  void encodesTurnsWithTextsThatOnlyLookLikeControlTokens() {
    List<String> texts = RealVocabularies.texts();
    String turn = requireNonNull(TURNS.get(name));
    int place = turn.indexOf("{}");
    for (Form form : List.of(json, gguf)) {
      List<String> hashes = RealVocabularies.hashes(form.name(), "chat");
      List<String> wrong = new ArrayList<>();
      for (int i = 0; i < TEXTS; i++) {
        String text = texts.get(i);
        String prompt = turn.replace("{}", text);
        RenderedPrompt rendered =
            new RenderedPrompt(
                prompt, new int[] {0, place, place + text.length(), prompt.length()});
        if (!RealVocabularies.hash(form.tokenizer().encodePrompt(rendered)).equals(hashes.get(i))) {
          wrong.add(i + ": " + text);
        }
      }
      assertThat(wrong).as(form.name()).isEmpty();
    }
  }

  /**
   * Constraints go by these bytes. Converters mark more tokens as control tokens, and fill up ids
   * that have no token.
   */
  @Test
  void tokensHaveTheSameBytesInBothForms() {
    Tokenizer own = json.tokenizer();
    Tokenizer converted = gguf.tokenizer();
    assertThat(converted.vocabularySize()).isEqualTo(own.vocabularySize());
    assertThat(converted.leadingSpaces()).isEqualTo(own.leadingSpaces());
    for (int token = 0; token < own.vocabularySize(); token++) {
      byte[] bytes = converted.tokenBytes(token);
      if (own.tokenText(token).isEmpty()) {
        continue;
      }
      if (bytes.length > 0 || !converted.tokenText(token).matches("[<\\[].*[>\\]]")) {
        assertThat(bytes).as(own.tokenText(token)).isEqualTo(own.tokenBytes(token));
      }
    }
  }

  /** In both ways to write them: SentencePiece's, and the alphabet of byte-level BPE. */
  @Test
  void tokensAreSpacesAndBytes() {
    boolean pieces = SENTENCE_PIECE.contains(name);
    for (Form form : List.of(json, gguf)) {
      assertThat(bytes(form, pieces ? "▁the" : "Ġthe"))
          .isEqualTo(" the".getBytes(StandardCharsets.UTF_8));
      assertThat(bytes(form, pieces ? "▁▁" : "ĠĠ")).isEqualTo(new byte[] {' ', ' '});
      assertThat(bytes(form, pieces ? "<0xE2>" : "â")).isEqualTo(new byte[] {(byte) 0xE2});
      assertThat(form.tokenizer().leadingSpaces()).isEqualTo(name.equals("mixtral") ? 1 : 0);
    }
  }

  private static byte[] bytes(Form form, String token) {
    return form.tokenizer().tokenBytes(form.tokenizer().tokenId(token).orElseThrow());
  }

  @Test
  void textsBeginAsTheModelSays() {
    String beginning = BEGINNINGS.get(name);
    for (Form form : List.of(json, gguf)) {
      int[] expected =
          beginning == null
              ? new int[0]
              : new int[] {form.tokenizer().tokenId(beginning).orElseThrow()};
      assertThat(form.tokenizer().withBeginning(new int[0])).as(form.name()).isEqualTo(expected);
    }
  }

  @Test
  void ggufFilesEndGenerationsWhereTurnsEnd() {
    assertThat(
            RealVocabularies.endOfSequenceTokens(name).stream()
                .map(gguf.tokenizer()::tokenText)
                .toList())
        .containsExactlyInAnyOrder(requireNonNull(ENDS.get(name)).split(" "));
  }

  private static int[] ints(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).mapToInt(JsonNode::asInt).toArray();
  }
}
