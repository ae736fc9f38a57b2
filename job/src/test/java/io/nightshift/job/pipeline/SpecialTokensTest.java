package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.nightshift.job.options.InvalidJobException;
import io.nightshift.operators.render.PromptRenderer;
import io.nightshift.operators.render.PromptSpecification;
import io.nightshift.runtime.engine.Choices;
import io.nightshift.runtime.model.EditedGguf;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.ModelFolder;
import io.nightshift.runtime.model.ModelResources;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecialTokensTest {
  private static final PromptSpecification CHAT = PromptSpecification.turn(null, "{{ body }}");

  /** Of tiny models, whose tokenizer has the tokens 0 to 330 and ends a sequence with 1. */
  private static final int TOKENS = 331;

  @TempDir private Path folder;

  /** Whatever order a hash has, and whether there is a chat template or not. */
  @ParameterizedTest
  @CsvSource({
    "200, 300, 300",
    "300, 200, 200",
    "17, 330, 330",
    "200, , 200",
    "17, , 17",
    ", 300, 300",
    ", , 1" // <|end|>, a control token that the metadata need not name
  })
  void aTurnOfAGgufModelEndsWithItsEndOfTurnOrElseOfSequence(
      @Nullable Integer eos, @Nullable Integer eot, int expected) {
    for (boolean chat : new boolean[] {true, false}) {
      Path model =
          gguf(
              file -> {
                putOrRemove(file, "tokenizer.ggml.eos_token_id", eos);
                if (eot != null) {
                  file.put("tokenizer.ggml.eot_token_id", eot);
                }
                if (!chat) {
                  file.remove("tokenizer.chat_template");
                }
              });
      check(model, tokens -> assertThat(tokens.endOfTurn()).isEqualTo(expected));
    }
  }

  private static void putOrRemove(EditedGguf file, String key, @Nullable Integer value) {
    if (value == null) {
      file.remove(key);
    } else {
      file.put(key, value);
    }
  }

  @Test
  void theEndOfTurnIsMissedWhereOneChoiceBeginsAnotherAndOnlyThere() {
    int[] types = new int[TOKENS];
    Arrays.fill(types, 1);
    Path model =
        gguf(
            file ->
                file.remove("tokenizer.ggml.eos_token_id").put("tokenizer.ggml.token_type", types));
    check(
        model,
        tokens -> {
          assertThat(choices(tokens, "good", "bad").tokens()).hasSize(2);
          assertThatExceptionOfType(InvalidJobException.class)
              .isThrownBy(() -> choices(tokens, "a", "ab"))
              .withMessageContaining("answer.choices")
              .withMessageContaining(model + ": the model names no end-of-sequence token");
        });
  }

  @Test
  void anEosTokenThatTheTokenizerLacksIsNamed() {
    ModelFolder model =
        tiny().edit("tokenizer_config.json", json -> json.put("eos_token", "<|over|>"));
    check(
        model.path(),
        tokens -> {
          assertThat(choices(tokens, "good", "bad").tokens()).hasSize(2);
          assertThatExceptionOfType(InvalidJobException.class)
              .isThrownBy(() -> choices(tokens, "a", "ab"))
              .withMessageContaining(model.path() + ": the eos_token, \"<|over|>\", is not in");
        });
  }

  @Test
  void withoutAnEosTokenTheFirstEndOfSequenceTokenEndsTheTurn() {
    ModelFolder model =
        tiny()
            .delete("generation_config.json")
            .edit("tokenizer_config.json", json -> json.remove("eos_token"))
            .edit("config.json", json -> json.putArray("eos_token_id").add(200).add(17));
    check(model.path(), tokens -> assertThat(tokens.endOfTurn()).isEqualTo(200));
    model.edit("config.json", json -> json.remove("eos_token_id"));
    check(
        model.path(),
        tokens ->
            assertThatExceptionOfType(InvalidJobException.class)
                .isThrownBy(tokens::endOfTurn)
                .withMessageContaining("names no end-of-sequence token"));
  }

  @ParameterizedTest
  @CsvSource({"bos_token, true", "eos_token, true", "pad_token, false", "unk_token, false"})
  void aTokenThatTheChatTemplateWritesMustBeThere(String name, boolean written) {
    ModelFolder model = tiny().edit("tokenizer_config.json", json -> json.put(name, "<|x|>"));
    check(
        model.path(),
        tokens -> {
          PromptRenderer renderer = renderer(tokens, CHAT);
          if (written) {
            assertThatExceptionOfType(InvalidJobException.class)
                .isThrownBy(() -> tokens.requireForPrompts(CHAT, renderer))
                .withMessageContaining(model.path().toString())
                .withMessageContaining("writes " + name + ", which is \"<|x|>\"");
          } else {
            tokens.requireForPrompts(CHAT, renderer);
          }
          PromptSpecification text = PromptSpecification.text("{{ body }}");
          tokens.requireForPrompts(text, renderer(tokens, text));
        });
  }

  @Test
  void aTokenThatAPlainPromptBeginsWithMustBeThere() {
    ModelFolder model =
        tiny()
            .edit(
                "tokenizer_config.json",
                json -> json.put("add_bos_token", true).put("bos_token", "<|x|>"));
    PromptSpecification text = PromptSpecification.text("{{ body }}");
    check(
        model.path(),
        tokens ->
            assertThatExceptionOfType(InvalidJobException.class)
                .isThrownBy(() -> tokens.requireForPrompts(text, renderer(tokens, text)))
                .withMessageContaining(model.path() + ": tokenizer_config.json: add_bos_token"));
  }

  private static PromptRenderer renderer(SpecialTokens tokens, PromptSpecification prompt) {
    return new PromptRenderer(
        prompt, tokens.model().chatTemplate(), Clock.systemDefaultZone(), List.of("body", "text"));
  }

  private static Choices choices(SpecialTokens tokens, String... texts) {
    return Choices.of(List.of(texts), tokens.tokenizer(), tokens::endOfTurn, false);
  }

  private static void check(Path path, Consumer<SpecialTokens> check) {
    ModelDescription model = ModelFormats.describe(path);
    try (Tokenizer tokenizer = Tokenizers.open(model.tokenizerSource())) {
      check.accept(new SpecialTokens(path, model, tokenizer));
    }
  }

  private ModelFolder tiny() {
    return ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
  }

  private Path gguf(Consumer<EditedGguf> edit) {
    EditedGguf file = EditedGguf.copyOf(ModelResources.tiny("tiny-llama.gguf"));
    edit.accept(file);
    return file.write(folder.resolve("model.gguf"));
  }
}
