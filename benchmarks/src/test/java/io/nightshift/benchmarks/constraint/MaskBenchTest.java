package io.nightshift.benchmarks.constraint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaskBenchTest {
  private static final String CASES =
      """
      {"name": "right", "schema": {"properties": {"b": {"type": "integer"}, "a": true}}, \
      "tests": [{"valid": true, "data": {"a": "é", "b": 1}}, {"valid": false, "data": {"b": "1"}}]}
      {"name": "wrong", "schema": {"type": "string"}, \
      "tests": [{"valid": true, "data": 1}, {"valid": false, "data": "s"}, \
      {"valid": true, "data": "t"}]}
      {"name": "refused", "schema": {"$ref": "http://example.com/other"}, \
      "tests": [{"valid": true, "data": 1}]}
      """;

  @TempDir private Path folder;
  private Path cases = Path.of("");

  @BeforeEach
  void writeCases() throws IOException {
    cases = Files.writeString(folder.resolve("cases.jsonl"), CASES);
  }

  private String run(Map<String, String> options) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (PrintStream print = new PrintStream(out, true, StandardCharsets.UTF_8)) {
      MaskBench.run(cases, options, print);
    }
    return out.toString(StandardCharsets.UTF_8).replaceAll(" +", " ");
  }

  @Test
  void printsHowManyAreRight() throws IOException {
    assertThat(run(Map.of()))
        .contains("schemas 3 \n")
        .contains("compiled 2 \n")
        .contains("refused 1 \n")
        .contains("crashed 0 \n")
        .contains("without a fault 1 33.33%\n")
        .contains("valid instances rejected 1 of 1 schemas\n")
        .contains("invalid instances accepted 1 of 1 schemas\n")
        .contains("instances judged right 3 \n")
        .contains(" 1 #/$ref: ")
        .contains(" in refused\n");
    assertThat(run(Map.of("every", "3")))
        .contains("without a fault 1 100.00%\n")
        .doesNotContain("not compiled, ");
  }

  @Test
  void writesEachResult() throws IOException {
    Path results = folder.resolve("results.jsonl");
    run(Map.of("results", results.toString()));
    List<JsonNode> lines = new ArrayList<>();
    for (String line : Files.readAllLines(results)) {
      lines.add(JsonTexts.read(line));
    }
    assertThat(lines)
        .extracting(line -> line.path("outcome").asText())
        .containsExactly("RIGHT", "WRONG", "REFUSED");
    assertThat(lines.get(1).path("rejected")).containsExactly(JsonTexts.read("\"1\""));
    assertThat(lines.get(1).path("accepted").get(0).asText()).isEqualTo("\"s\"");
  }

  /** A token for each byte, and longer ones. */
  @Test
  void timesTheMasksOfAVocabulary() throws IOException {
    StringBuilder ranks = new StringBuilder();
    for (int value = 0; value < 256; value++) {
      byte[] token = {(byte) value};
      ranks.append(Base64.getEncoder().encodeToString(token)).append(' ');
      ranks.append(value).append('\n');
    }
    ranks.append("eyI= 256\nOiI= 257\n");
    Path vocabulary = Files.writeString(folder.resolve("v.ranks"), ranks);
    // 15 masks: {" b " : 1 , " a " :" 2 bytes " } and the end; 4 up to the :" of the other one.
    // integer.
    assertThat(run(Map.of("vocabulary", vocabulary.toString(), "every", "3")))
        .contains("mask, us " + (15 + 4))
        .contains("vocabulary " + vocabulary);
  }

  @Test
  void unknownKeysAreRefused() {
    assertThatThrownBy(() -> MaskBench.main(new String[] {cases.toString(), "last=3"}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("last=3: use one of the keys");
  }
}
