package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.runtime.model.ModelFolder;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AnswerStartTest {
  private static final String JOB =
      """
      input: {path: /in}
      model: {path: /model, device: cpu}
      prompt: {user: "{{ text }}"}
      output: {path: /out}
      """;

  @TempDir private Path folder;

  private static Optional<String> start(ModelFolder model, String... options) {
    JobSpecification job = JobSpecification.parse("job.yaml", JOB, List.of(options));
    try (Tokenizer tokenizer =
        Tokenizers.open(ModelFormats.describe(model.path()).tokenizerSource())) {
      return AnswerStart.of(job.answering(), tokenizer);
    }
  }

  @Test
  void modelsWithChannelsOpenTheAnswersBeforeChoicesAndConstraints() {
    ModelFolder model = ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
    String choices = "answer.choices=[yes, no]";
    assertThat(start(model, choices)).isEmpty();
    model.edit(
        "tokenizer.json",
        json -> {
          ArrayNode added = (ArrayNode) json.get("added_tokens");
          int id = 331;
          for (String token : List.of("<|start|>", "<|channel|>", "<|message|>")) {
            ObjectNode copy = added.get(0).deepCopy();
            added.add(copy.put("id", id++).put("content", token).put("special", true));
          }
        });
    assertThat(start(model, choices)).contains("<|channel|>final<|message|>");
    assertThat(start(model, "answer.regex=a+")).contains("<|channel|>final<|message|>");
    assertThat(start(model)).isEmpty();
    assertThat(start(model, "answer.regex=a+", "answer.reasoning=column")).isEmpty();
  }
}
