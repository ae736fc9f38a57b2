package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.nightshift.runtime.model.EditedGguf;
import io.nightshift.runtime.model.ModelFiles;
import io.nightshift.runtime.model.ModelResources;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.RenderedPrompt;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jobs with a model whose tokenizer sets a token before every text: prompts begin with one. */
class PromptBeginningITCase {
  private static final String NOTE = "a note";
  private static final List<String> BODIES = List.of(NOTE, "<|begin|>" + NOTE, "");

  @TempDir private Path folder;

  @Test
  void aPromptBeginsOnceWithTheTokenThatTheTokenizerAdds() throws Exception {
    Path model = folder.resolve("model.gguf");
    EditedGguf.copyOf(ModelResources.tiny("tiny-llama.gguf"))
        .put("tokenizer.ggml.add_bos_token", true)
        .write(model);
    ParquetRows.write(
        folder.resolve("notes.parquet"),
        "message notes { required int64 id; required binary body (STRING); }",
        BODIES.size(),
        (id, row) -> row.append("id", (long) id).append("body", BODIES.get(id)));
    try (ModelFiles files = ModelFormats.open(model);
        Tokenizer tokenizer = Tokenizers.open(files.tokenizerSource())) {
      int note = tokenizer.encode(NOTE).length;
      int marked = tokenizer.encode(BODIES.get(1)).length;
      assertThat(promptTokens("text", "text: '{{ body }}'"))
          .containsExactly(1 + note, 1 + marked, 0);
      assertThat(promptTokens("written", "text: '<|begin|>{{ body }}'"))
          .containsExactly(1 + note, 1 + marked, 1);
      int chat =
          tokenizer.encodePrompt(
                  RenderedPrompt.trusted("<|begin|>[user]" + NOTE + "<|end|>[assistant]"))
              .length;
      assertThat(promptTokens("chat", "user: '{{ body }}'"))
          .containsExactly(chat, chat - note + marked, 0);
    }
  }

  /** The number of tokens of each row's prompt, in the order of the rows; 0 for an empty one. */
  private List<Integer> promptTokens(String name, String prompt) throws Exception {
    String job =
        """
        input: {path: %1$s/notes.parquet}
        model: {path: %1$s/model.gguf, device: cpu}
        prompt: {%2$s}
        answer: {choices: [good, bad]}
        output: {path: %1$s/%3$s, order: input}
        errors: {max-fraction: 0.5}
        engine: {kv-cache-memory: 2m}
        """
            .formatted(folder, prompt, name);
    new EmbeddedRuns().run(job);
    return ParquetRows.read(folder.resolve(name)).stream()
        .map(row -> row.getInteger("prompt_tokens", 0))
        .toList();
  }
}
