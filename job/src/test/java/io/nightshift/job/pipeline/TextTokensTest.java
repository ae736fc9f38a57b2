package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.ModelFolder;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Of a tiny model, which has 331 embeddings. */
class TextTokensTest {
  @TempDir private Path folder;

  @Test
  void aTokenThatTextMayBecomeNeedsAnEmbedding() {
    ModelFolder inVocabulary = tokenizer("entry", json -> vocabulary(json).put("qq", 334));

    assertThatExceptionOfType(InvalidJobException.class)
        .isThrownBy(() -> check(inVocabulary))
        .withMessageStartingWith(inVocabulary.path() + ": ")
        .withMessageContaining("335 tokens of tokenizer.json, up to 334 (\"qq\")")
        .withMessageContaining("embeddings of 331 (vocab_size in config.json)");
    assertThatExceptionOfType(InvalidJobException.class)
        .isThrownBy(() -> check(tokenizer("added", json -> add(json, "<note>", false))))
        .withMessageContaining("up to 331 (\"<note>\")");
  }

  @Test
  void aControlTokenNeedsNone() {
    assertThatCode(() -> check(tokenizer("control", json -> add(json, "<image>", true))))
        .doesNotThrowAnyException();
  }

  @Test
  void anEmbeddingNeedsNoToken() {
    ModelFolder padded = model("padded").edit("config.json", json -> json.put("vocab_size", 384));

    assertThatCode(() -> check(padded)).doesNotThrowAnyException();
  }

  private static void check(ModelFolder folder) {
    ModelDescription model = ModelFormats.describe(folder.path());
    try (Tokenizer tokenizer = Tokenizers.open(model.tokenizerSource())) {
      TextTokens.requireEmbeddings(folder.path(), model, tokenizer);
    }
  }

  private ModelFolder tokenizer(String name, Consumer<ObjectNode> edit) {
    return model(name).edit("tokenizer.json", edit);
  }

  private ModelFolder model(String name) {
    return ModelFolder.copyOf("tiny-mistral", folder.resolve(name));
  }

  private static ObjectNode vocabulary(ObjectNode json) {
    return (ObjectNode) json.path("model").path("vocab");
  }

  private static void add(ObjectNode json, String content, boolean special) {
    json.withArray("added_tokens")
        .addObject()
        .put("id", 331)
        .put("content", content)
        .put("special", special)
        .put("normalized", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("single_word", false);
  }
}
