package io.nightshift.job.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.nightshift.runtime.model.RealModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch file of many short lines for engines of set speed.
 *
 * @param folder of the file and its responses
 * @param lines of the file
 */
record PacedBatch(Path folder, int lines) {
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final String LINE =
      """
      {"custom_id": "line %1$s", "method": "POST", "url": "/v1/completions", "body": \
      {"prompt": "A line of group %2$s, member %1$s", "max_tokens": 1, "temperature": 0, "n": 2}}
      """;

  /** Writes the file. */
  static PacedBatch write(Path folder, int lines) throws IOException {
    StringBuilder text = new StringBuilder();
    for (int line = 0; line < lines; line++) {
      text.append(LINE.formatted(line, line % 20));
    }
    Files.writeString(Files.createDirectories(folder).resolve("in.jsonl"), text, UTF_8);
    return new PacedBatch(folder, lines);
  }

  /** The folder of the tally of a run's engines. */
  Path tally(String run) {
    return folder.resolve(run + ".tally");
  }

  /** Submits the file to a session cluster. */
  TestProcess submit(FlinkProcessCluster cluster, String run, double rowsPerSecond)
      throws IOException {
    Path jar = PacedNightshift.jar(folder);
    return PacedNightshift.submit(
        cluster,
        jar,
        List.of(),
        Double.toString(rowsPerSecond),
        tally(run).toString(),
        "batch",
        "--input",
        folder.resolve("in.jsonl").toString(),
        "--output",
        output(run).toString(),
        "--model",
        RealModel.smolLm2().toString(),
        "--device",
        "cpu",
        "--set",
        "plan.unit-tokens=2000");
  }

  private Path output(String run) {
    return folder.resolve(run + ".jsonl");
  }

  /** The ids of a run's responses with the number of their choices, in the order of the file. */
  List<String> responses(String run) throws IOException {
    List<String> responses = new ArrayList<>();
    for (String line : Files.readAllLines(output(run))) {
      JsonNode response = JSON.readTree(line);
      responses.add(
          response.path("custom_id").asText()
              + ": "
              + response.at("/response/body/choices").size());
    }
    return responses;
  }
}
