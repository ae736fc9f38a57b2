package io.nightshift.job.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.nightshift.job.options.InvalidJobException;
import io.nightshift.job.options.JobSpecification;
import io.nightshift.job.options.ReasoningMode;
import io.nightshift.operators.infer.AnswerReasoning;
import io.nightshift.runtime.engine.HarmonyReasoning;
import io.nightshift.runtime.engine.MarkedReasoning;
import io.nightshift.runtime.engine.Reasoning;
import io.nightshift.runtime.engine.ReasoningMark;
import io.nightshift.runtime.model.ModelDescription;
import io.nightshift.runtime.model.ModelFolder;
import io.nightshift.runtime.model.formats.ModelFormats;
import io.nightshift.runtime.tokenizer.Tokenizer;
import io.nightshift.runtime.tokenizer.Tokenizers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReasoningMarksTest {
  @TempDir private Path folder;
  private ModelFolder model;

  @BeforeEach
  void copyModel() {
    model = ModelFolder.copyOf("tiny-llama", folder.resolve("model"));
  }

  private Optional<AnswerReasoning> find(ReasoningMode mode, String... marks) {
    ModelDescription description = ModelFormats.describe(model.path());
    Optional<List<String>> given =
        marks.length == 0 ? Optional.empty() : Optional.of(List.of(marks));
    try (Tokenizer tokenizer = Tokenizers.open(description.tokenizerSource())) {
      return ReasoningMarks.of(
          new JobSpecification.Reasoning(mode, given, OptionalInt.of(7)), description, tokenizer);
    }
  }

  @Test
  void tokensOfTheVocabularyAreMarks() {
    model.edit(
        "tokenizer.json",
        json -> {
          ArrayNode added = (ArrayNode) json.get("added_tokens");
          added.add(added(added.get(0), 331, "[THINK]").put("special", true));
          added.add(added(added.get(0), 332, "[/THINK]").put("special", false));
        });
    AnswerReasoning found = find(ReasoningMode.COLUMN).orElseThrow();
    assertThat(found.column()).isTrue();
    MarkedReasoning marks = (MarkedReasoning) found.marks();
    assertThat(marks.maxTokens()).isEqualTo(7);
    assertThat(marks.start().tokens()).containsExactly(331);
    assertThat(marks.end().text()).isEqualTo("[/THINK]");
    assertThat(marks.end().tokens()).containsExactly(332);
  }

  private static ObjectNode added(JsonNode other, int id, String content) {
    return ((ObjectNode) other.deepCopy()).put("id", id).put("content", content);
  }

  @Test
  void controlTokensOfHarmonyAreChannelsUnlessMarksAreGiven() {
    model.edit(
        "tokenizer.json",
        json -> {
          ArrayNode added = (ArrayNode) json.get("added_tokens");
          added.add(added(added.get(0), 331, "<|start|>").put("special", true));
          added.add(added(added.get(0), 332, "<|channel|>").put("special", true));
          added.add(added(added.get(0), 333, "<|message|>").put("special", true));
        });
    HarmonyReasoning harmony = (HarmonyReasoning) find(ReasoningMode.COLUMN).orElseThrow().marks();
    assertThat(harmony.start()).isEqualTo(331);
    assertThat(harmony.channel()).isEqualTo(332);
    assertThat(harmony.message()).isEqualTo(333);
    assertThat(harmony.maxTokens()).isEqualTo(7);
    assertThat(find(ReasoningMode.COLUMN, "<|start|>", "<|end|>").orElseThrow().marks())
        .isInstanceOf(MarkedReasoning.class);
  }

  @Test
  void marksOfTheChatTemplateAreTexts() throws IOException {
    Path template = model.path().resolve("chat_template.jinja");
    Files.writeString(template, Files.readString(template) + "{# ends at </think> #}");
    AnswerReasoning found = find(ReasoningMode.DROP).orElseThrow();
    assertThat(found.column()).isFalse();
    ReasoningMark start = ((MarkedReasoning) found.marks()).start();
    assertThat(start.text()).isEqualTo("<think>");
    assertThat(start.tokens()).hasSizeGreaterThan(1);
  }

  @Test
  void otherModelsNeedThemGiven() {
    assertThat(find(ReasoningMode.KEEP)).isEmpty();
    Reasoning given = find(ReasoningMode.DROP, "(", ")").orElseThrow().marks();
    assertThat(((MarkedReasoning) given).end().text()).isEqualTo(")");
    assertThatThrownBy(() -> find(ReasoningMode.DROP))
        .isInstanceOf(InvalidJobException.class)
        .hasMessageStartingWith("answer.reasoning: neither the model's tokenizer nor its chat")
        .hasMessageContaining("answer.reasoning-marks");
  }
}
